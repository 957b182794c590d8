"""The three cities that lists are drawn from: the sample city, Berlin (areas only) and Essen (coordinates only)."""
from __future__ import annotations

import sqlite3
import struct
from contextlib import closing
from pathlib import Path

import numpy as np
import pandas as pd

from tests.address_faults.ground import Ground, written_out

SAMPLE = Path(__file__).resolve().parents[2] / "sample_data" / "musterstadt"
COLUMNS = ["street", "number", "suffix", "postcode", "district", "area"]
ESSEN_ELSEWHERE = (("Bochum", "44787"), ("Mülheim an der Ruhr", "45468"), ("Gelsenkirchen", "45879"),
                   ("Dortmund", "44135"), ("Essenheim", "55270"), ("Bad Essen", "49152"))
BERLIN_ELSEWHERE = (("Potsdam", "14467"), ("Bernau bei Berlin", "16321"), ("Hamburg", "20095"), ("Falkensee", "14612"),
                    ("Köln", "50667"), ("Neu-Ulm", "89231"))
SAMPLE_ELSEWHERE = (("Nachbarstadt", "43301"), ("Hamm", "59065"), ("Musterhausen", "47111"), ("Dortmund", "44135"))
ESSEN_DISTRICTS = ("Rüttenscheid", "Werden", "Kettwig", "Altenessen-Süd", "Steele", "Borbeck-Mitte")


def sample_frame() -> pd.DataFrame:
    """Return the sample city's addresses."""
    with closing(sqlite3.connect(SAMPLE / "musterstadt.gpkg")) as base:
        table = pd.read_sql("select * from adressen", base)
    points = [struct.unpack("<dd", blob[-16:]) for blob in table["geom"]]
    frame = pd.DataFrame({
        "street": table["strasse"], "number": table["hausnummer"].astype(str), "suffix": table["zusatz"].fillna(""),
        "postcode": table["plz"].astype(str), "district": "", "area": table["gebiet_nr"].astype(str)})
    frame["x"], frame["y"] = np.array(points).T
    frame["id"] = table["adresse_id"].astype(str)
    return frame


def sample_city(**settings) -> Ground:
    """Return the sample city."""
    return Ground(sample_frame(), "Musterstadt", SAMPLE_ELSEWHERE, ESSEN_STREETS, **settings)


def zero_city(**settings) -> Ground:
    """Return the sample city with postcodes that begin with 0."""
    frame = sample_frame()
    frame["postcode"] = [f"{int(code) - 42000:05d}" for code in frame["postcode"]]
    return Ground(frame, "Musterstadt", SAMPLE_ELSEWHERE, ESSEN_STREETS, **settings)


def berlin_frame(folder) -> pd.DataFrame:
    """Return the addresses of Berlin's districts 01–06; they have areas and no coordinates."""
    table = pd.read_csv(Path(folder) / "adressen_bezirk_01-06.csv.gz", dtype=str).fillna("")
    frame = table.rename(columns={"str_name": "street", "hnr": "number", "hnr_zusatz": "suffix", "plz": "postcode",
                                  "ort_name": "district", "PLR_ID": "area"})[COLUMNS]
    return frame.assign(x=np.nan, y=np.nan)


def berlin_city(folder, **settings) -> Ground:
    """Return Berlin."""
    return Ground(berlin_frame(folder), "Berlin", BERLIN_ELSEWHERE, ESSEN_STREETS, **settings)


def essen_frame(folder, cell=1000.0) -> pd.DataFrame:
    """Return Essen's addresses, with the square of `cell` metres they lie in as area."""
    path = Path(folder).parent / "essen" / "hauskoordinaten_essen_2022-10-05_epsg4647.csv.gz"
    table = pd.read_csv(path, dtype=str).fillna("")
    x, y = table["x"].astype(float), table["y"].astype(float)
    area = (x // cell).astype(int).astype(str).str[-3:] + (y // cell).astype(int).astype(str)
    return pd.DataFrame({"street": table["strname"], "number": table["hsnr"], "suffix": table["hsnrzu"],
                         "postcode": "", "district": "", "area": area, "x": x, "y": y})


def essen_city(folder, **settings) -> Ground:
    """Return Essen."""
    foreign = [written_out(name) for name in berlin_frame(folder)["street"].unique()]
    return Ground(essen_frame(folder), "Essen", ESSEN_ELSEWHERE, foreign, ESSEN_DISTRICTS, **settings)


#: streets of another city, none of them in the sample city
ESSEN_STREETS = (
    "Frohnhauser Straße", "Altendorfer Straße", "Rüttenscheider Straße", "Gladbecker Straße", "Steeler Straße",
    "Heidhauser Straße", "Kupferdreher Straße", "Girardetstraße", "Zweigertstraße", "Zölestinstraße", "Limbecker Platz",
    "Viehofer Straße", "Krayer Straße", "Huyssenallee", "Meisenburgstraße", "Bredeneyer Straße", "Schuirweg",
    "Ruhrallee", "Brassertstraße", "Ückendorfer Straße", "Twentmannstraße", "Wickenburgstraße", "Kaulbachhöhe",
    "Grugaplatz", "Manfredstraße", "Alfredstraße", "Kortumstraße", "Gemarkenstraße", "Hufelandstraße", "Savignystraße",
    "Germaniaplatz", "Moltkeplatz", "Isenbergplatz", "Frintroper Straße", "Donnerberg", "Leimgardtsfeld",
    "Haedenkampstraße", "Berne", "Kahrstraße", "Emmastraße", "Paulinenstraße", "Cäsarstraße", "Franziskastraße",
    "Dammannstraße")
