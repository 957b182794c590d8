"""Whatever a file holds, reading it ends in a register or in a sentence for the user."""
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from teilhabe_plugin.core.addresses.register_reading import describe_file, read_register
from teilhabe_plugin.core.addresses.register_source import RegisterSource
from teilhabe_plugin.core.messages import TeilhabeError

from .register_helpers import GEBREF_ROWS, HK_HEADER, HK_ROWS

WHOLE = ("\r\n".join([HK_HEADER, *HK_ROWS]), "\n".join(GEBREF_ROWS),
         'strasse,hnr,"g id"\n"A, B",1,"01"\n"C ""D""",2,02\n', "Adresse\tx\ty\nWeg 1\t7,1\t51,2\n")
PIECES = (b'"', b";", b"\n", b"\r", b"\x00", b"\xff", b"\xfc", b"=", b",", b"1e400", b"nan", b"inf", b"-", b"\t", b"|",
          b"#", b'"""', b"33", b"9" * 30, b"\xef\xbb\xbf", b"x" * 500, b";" * 30, b"\xe2\x80\xa8", b"\x0b")
CHANGE = st.tuples(st.integers(0, 600), st.sampled_from(PIECES), st.integers(0, 30))


@given(st.sampled_from(WHOLE), st.sampled_from(["utf-8", "latin-1"]), st.lists(CHANGE, max_size=6),
       st.sampled_from(["", "utf-8", "latin-1"]), st.sampled_from(["auto", "hk", "table"]))
@settings(max_examples=150, deadline=None)
def test_a_damaged_file(tmp_path_factory, whole, encoding, changes, chosen, form):
    data = bytearray(whole.encode(encoding))
    for place, piece, gone in changes:
        data[place:place + gone] = piece
    path = tmp_path_factory.getbasetemp() / "damaged.csv"
    path.write_bytes(data)
    source = RegisterSource(str(path), encoding=chosen, form=form)
    for read in (read_register, describe_file):
        with suppress(TeilhabeError):
            read(source)


@pytest.mark.parametrize("content, message", [
    ("NBA;OI;QUA;QUA;LAN;RBZ;KRS;GMD;OTT;SSS;HNR;ADZ;E;N;STN;PLZ;ONM;ZON;POT\n", "damaged.csv holds no rows."),
    ('strasse;hnr\n"Ackerweg;1\nBirkenweg;2\n', "damaged.csv, after line 1: the text cannot be split into cells"),
])
def test_faults_with_a_sentence_of_their_own(tmp_path, content, message):
    (tmp_path / "damaged.csv").write_text(content, encoding="utf-8")
    with pytest.raises(TeilhabeError) as caught:
        read_register(RegisterSource(str(tmp_path / "damaged.csv")))
    assert str(caught.value).startswith(message)
