"""Registers of invented addresses in the forms in which they are handed out."""
import gzip

HK_HEADER = "NBA;OI;QUA;LAN;RBZ;KRS;GMD;OTT;SSS;HNR;ADZ;EEEEEEEE,EEE;NNNNNNN,NNN;STN;PLZ;ONM;ZON;POT"
HK_ROWS = (
    "N;DEXX000000000001;A;05;1;17;000;0000;00010;1;;32350000,125;5700000,500;Mühlenstraße;45468;Mülheim;"
    "an der Ruhr;Altstadt",
    "N;DEXX000000000002;A;05;1;17;000;0000;00010;3;a;32350020,000;5700001,000;Mühlenstraße;45468;Mülheim;"
    "an der Ruhr;Altstadt",
    "L;DEXX000000000003;A;05;1;17;000;0000;00010;5;;32350040,000;5700002,000;Mühlenstraße;45468;Mülheim;"
    "an der Ruhr;Altstadt",
    ";DEXX000000000004;B;05;1;17;000;0000;00020;12;;32351000,000;5701000,000;St.-Josef-Str.;45470;Mülheim;"
    "an der Ruhr;Saarn",
    "A;DEXX000000000005;R;05;1;17;000;0000;00030;;;32352000,000;5702000,000;Am Hügel;45472;Mülheim;Heißen;",
)
GEBREF_ROWS = (
    "N;DENW000000000001;A;05;Nordrhein-Westfalen;1;Düsseldorf;17;Mülheim an der Ruhr;000;Mülheim an der Ruhr;;;"
    "00010;Mühlenstraße;1;;32;350000.125;5700000.500;2024-01-01",
    "N;DENW000000000002;B;05;Nordrhein-Westfalen;1;Düsseldorf;17;Mülheim an der Ruhr;000;Mülheim an der Ruhr;0001;"
    "Saarn;00020;St.-Josef-Str.;12;b;32;351000.000;5701000.000;2024-01-01",
)


def write(path, lines, encoding="utf-8", end="\r\n"):
    """Write lines; the ending .gz packs them."""
    data = (end.join(lines) + end).encode(encoding)
    if str(path).endswith(".gz"):
        data = gzip.compress(data)
    path.write_bytes(data)
    return path


def addresses(register):
    """Return every address with its additions, in the register's order."""
    return [(register.text(i), str(register.districts[register.district[i]]), str(register.areas[register.area[i]]))
            for i in range(len(register))]


def notes(register):
    """Return the notes as texts."""
    return [str(note) for note in register.notes]
