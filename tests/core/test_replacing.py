"""Files that come whole or not at all."""
import pytest

from teilhabe_plugin.core.replacing import replacing


def test_what_was_written_takes_the_place(tmp_path):
    target = tmp_path / "tabelle.csv"
    target.write_text("alt")
    with replacing(target) as waiting:
        assert waiting.parent == tmp_path and waiting.suffix == ".csv" and waiting.name.startswith(".")
        waiting.write_text("neu")
        assert target.read_text() == "alt"
    assert target.read_text() == "neu" and list(tmp_path.iterdir()) == [target]


@pytest.mark.parametrize("fault", [ValueError("x"), KeyboardInterrupt()])
def test_a_failure_leaves_the_earlier_file(tmp_path, fault):
    target = tmp_path / "tabelle.csv"
    target.write_text("alt")

    def write():
        with replacing(target) as waiting:
            waiting.write_text("halb")
            raise fault

    with pytest.raises(type(fault)):
        write()
    assert target.read_text() == "alt" and list(tmp_path.iterdir()) == [target]


def test_the_error_names_the_target(tmp_path):
    target = tmp_path / "gibt es nicht" / "tabelle.csv"
    with pytest.raises(OSError) as error, replacing(target) as waiting:
        waiting.write_text("neu")
    assert error.value.filename == str(target)
