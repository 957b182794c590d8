"""Where an address register comes from and how it is read."""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields
from pathlib import Path

from ..messages import TeilhabeError, mark

#: how the rows are laid out
AUTO, HK, GEBREF, TABLE = "auto", "hk", "gebref", "table"
FORMS = (AUTO, HK, GEBREF, TABLE)
#: begins the path of a source that is a layer of the project; its id follows
LAYER = "layer:"
#: what a column of a register may tell; ``address`` holds street and number in one
CANONICAL = ("street", "number", "suffix", "address", "postcode", "place", "district", "area", "quality", "id",
             "street_key", "x", "y")


@dataclass(frozen=True)
class RegisterSource:
    """One address register as the user has chosen it; what is empty is found out.

    Attributes
    ----------
    path : str
        File, or ``layer:`` and the id of a layer of the project.
    table : str
        Sheet of a workbook or table of a database file.
    form : str
        ``"auto"``, ``"hk"`` (official house coordinates), ``"gebref"`` (building references of North
        Rhine-Westphalia) or ``"table"``.
    columns : tuple of (str, str)
        Meaning (one of `CANONICAL`) and heading, chosen by hand; the others are guessed. An empty heading says that
        the table does not tell this.
    crs : str
        Authority id of the coordinates' reference system.
    place : str
        Municipality that the whole register belongs to.
    encoding : str
        Encoding of a text file.
    title : str
        Name shown to the user; the name of the file or layer when empty.
    """

    path: str
    table: str = ""
    form: str = AUTO
    columns: tuple[tuple[str, str], ...] = ()
    crs: str = ""
    place: str = ""
    encoding: str = ""
    title: str = ""

    @property
    def is_layer(self) -> bool:
        """Whether the register is a layer of the project."""
        return self.path.startswith(LAYER)

    @property
    def layer_id(self) -> str:
        """Id of the layer, "" for a file."""
        return self.path[len(LAYER):] if self.is_layer else ""

    @property
    def name(self) -> str:
        """Title, else the name of file and table."""
        if self.title or self.is_layer:
            return self.title or self.layer_id
        file = Path(self.path).name
        return f"{file} [{self.table}]" if self.table else file

    def to_dict(self) -> dict:
        """Plain dict for JSON; what is empty is left out."""
        found = {name: value for name, value in asdict(self).items() if value and value != AUTO}
        if self.columns:
            found["columns"] = dict(self.columns)
        return found

    @classmethod
    def from_dict(cls, values: dict) -> RegisterSource:
        """Inverse of :meth:`to_dict`.

        Raises
        ------
        TeilhabeError
            When a setting is not known or of the wrong kind.
        """
        if not isinstance(values, dict) or not isinstance(values.get("path"), str) or not values["path"].strip():
            raise TeilhabeError(mark("Every address register needs a “path”: a file, or layer: and the id of a layer."))
        known = {field.name for field in fields(cls)}
        for name, value in values.items():
            if name not in known:
                raise TeilhabeError(mark("Address register {register}: the setting “{name}” is not known. Possible "
                                         "are: {choices}."),
                                    register=values["path"], name=name, choices=", ".join(sorted(known)))
            if name != "columns" and not isinstance(value, str):
                raise TeilhabeError(mark("Address register {register}: the setting “{name}” must be a text."),
                                    register=values["path"], name=name)
        columns = values.get("columns") or {}
        try:
            pairs = tuple((str(meaning), str(column or "")) for meaning, column in dict(columns).items())
        except (TypeError, ValueError) as error:
            raise TeilhabeError(mark("Address register {register}: “columns” must name a column for each meaning, such "
                                     "as {example}."),
                                register=values["path"], example='{"street": "STRNAME"}') from error
        for meaning, _ in pairs:
            if meaning not in CANONICAL:
                raise TeilhabeError(mark("Address register {register}: the meaning “{name}” is not known. Possible "
                                         "are: {choices}."),
                                    register=values["path"], name=meaning, choices=", ".join(CANONICAL))
        form = values.get("form") or AUTO
        if form not in FORMS:
            raise TeilhabeError(mark("Address register {register}: the form “{name}” is not known. Possible are: "
                                     "{choices}."),
                                register=values["path"], name=form, choices=", ".join(FORMS))
        return cls(**{**values, "columns": pairs, "form": form})
