"""One type's schema from the TypeScript that cdktn's generator wrote of it.

The generator reads `terraform providers schema -json` and keeps every name, flag, type and nesting: a comment before
each member of a class has its flags, the struct's mapper to HCL has its type and mode, the interface has its text.
"""

import re
from collections.abc import Iterator
from typing import Any, NamedTuple

Block = dict[str, Any]
PRIMITIVE = {"string": "string", "number": "number", "boolean": "bool", "any": "dynamic"}
_DECLARED = re.compile(r"^export (class|interface|function) (\w+)([^\n]*)\n(.*?)^}", re.M | re.S)
_FLAGS = re.compile(r"^  // (\S+) - computed: (\w+), optional: (\w+), required: (\w+)\n", re.M)
_MAPPED = re.compile(
    r"^\s+(\w+): \{\n\s+value: (.*),\n\s+isBlock: \w+,\n\s+type: \"(\w+)\",\n\s+storageClassType: \"(\w+)\",\n", re.M
)
_FIELD = re.compile(r"((?:^  /\*\*\n)(?:^  \*.*\n)*)^  readonly (\w+)(\??): (.*);$", re.M)
_INNER = re.compile(r"private _\w+ = new ([\w.]+)\(this, \"\w+\"(?:, (true|false))?\)")
_GETTER = re.compile(r"return (.*);")
_KINDS = {
    "getString": "string",
    "getNumber": "number",
    "getBoolean": "bool",
    "getList": ["list", "string"],
    "getNumberList": ["list", "number"],
    "getStringMap": ["map", "string"],
    "getNumberMap": ["map", "number"],
    "getBooleanMap": ["map", "bool"],
    "getAnyMap": "dynamic",
}
_WRAPPERS = {
    "OutputReference": "struct",
    "MapList": "list+map",
    "ListMap": "map+list",
    "ListList": "list+list",
    "List": "list",
    "Map": "map",
}
_NO_TEXT = ("Docs at Terraform", "/", "Please be", "If you exp")


class Member(NamedTuple):
    """An attribute or block: its flags, its text, what maps it to HCL (value, mode, type), and its getter's code."""

    name: str
    computed: bool
    optional: bool
    required: bool
    text: str
    mapped: tuple[str, str, str] | None
    code: str


class Declared:
    """One resource, data source or provider: all that its folder of the bindings declares."""

    def __init__(self, typescript: str) -> None:
        self.kind, self.type, self.version = "", "", ""
        self._main, self._config = "", ""
        self._classes: dict[str, str] = {}
        self._interfaces: dict[str, str] = {}
        self._mapped: dict[str, list[tuple[str, ...]]] = {}
        for what, name, rest, body in _DECLARED.findall(typescript):
            if what == "interface":
                self._interfaces[name] = body
            elif what == "class":
                self._classes[name] = body
                self._note_main(name, rest, body)
            elif name.endswith("ToHclTerraform"):
                self._mapped[name.removesuffix("ToHclTerraform")] = _MAPPED.findall(body)

    def _note_main(self, name: str, rest: str, body: str) -> None:
        found = re.search(r"extends cdkt[fn]\.Terraform(Resource|DataSource|Provider|EphemeralResource)\b", rest)
        if found:
            self.kind, self._main = found[1], name
            self.type = _one(r'tfResourceType = "([\w-]+)"', body)
            self._config = _one(r"config\??: (\w+)", body)
            self.version = _one(r"providerVersion: '([\d.]+)", body)
            self._mapped[""] = _MAPPED.findall(body[body.index("synthesizeHclAttributes") :])

    def schema(self) -> Block:
        """Return the type's schema; its version is not kept by the bindings."""
        return {"version": 0, "block": self._block("")}

    def _fields(self, struct: str) -> dict[str, tuple[bool, str]]:
        """Return whether each field of an interface is optional, and its text, by Terraform's name."""
        found = {}
        for comment, _, optional, _ in _FIELD.findall(self._interfaces.get(struct, "")):
            link = re.search(r"#(\S+) \w+#\S+\}", comment)
            if link:
                lines = [line.strip().lstrip("*").strip() for line in comment.split("\n")[1:]]
                text = " ".join(line for line in lines if line and not line.startswith(_NO_TEXT))
                found[link[1]] = (optional == "?", text)
        return found

    def _members(self, struct: str) -> Iterator[Member]:
        fields = self._fields(struct or self._config)
        key = struct[:1].lower() + struct[1:]
        mapped = {name: (value, mode, kind) for name, value, mode, kind in self._mapped.get(key, [])}
        body, seen = self._classes.get(f"{struct}OutputReference" if struct else self._main, ""), set()
        marks = list(_FLAGS.finditer(body))
        for mark, following in zip(marks, [*marks[1:], None], strict=False):
            name, *flags = mark.groups()
            seen.add(name)
            code = body[mark.end() : following.start() if following else len(body)]
            yield Member(
                name, *(flag == "true" for flag in flags), fields.get(name, (False, ""))[1], mapped.get(name), code
            )
        for name in [each for each in mapped if each not in seen]:  # the provider's own structs have no class
            optional, text = fields.get(name, (True, ""))
            yield Member(name, False, optional, not optional, text, mapped[name], "")

    def _block(self, struct: str, above: tuple[str, ...] = ()) -> Block:
        attributes: Block = {}
        blocks: Block = {}
        for member in self._members(struct):
            of, inner, mode, many = self._shape(member)
            if not inner:
                attributes[member.name] = _flagged({"type": of}, member)
            elif above.count(inner) <= 1:  # the generator folds what holds itself
                within = self._block(inner, (*above, inner))
                if f"{member.name} block" in (member.text, member.text.split("  ")[0]):
                    blocks[member.name] = _nested(within, member, mode, many)
                else:
                    attributes[member.name] = _flagged(_object(within, member, mode), member)
        return {key: each for key, each in (("attributes", attributes), ("block_types", blocks)) if each}

    def _shape(self, member: Member) -> tuple[Any, str, str, bool]:
        """Return type, inner struct, mode, and whether there may be many; a type or a struct, never both."""
        if member.mapped:
            value, mode, kind = member.mapped
            function = _one(r"(\w+)ToHclTerraform", value)
            if function in PRIMITIVE and re.search(r"cdkt[fn]\." + function, value):
                return ("dynamic" if function == "any" else _simple(kind, mode)), "", "", False
            many = "listMapperHcl(" in value or "hashMapperHcl(" in value
            return None, function[0].upper() + function[1:], mode, many
        inner = _INNER.search(member.code)
        if inner and re.match(r"cdkt[fn]\.", inner[1]):
            return _simple(inner[1][6:], "set" if inner[2] == "true" else ""), "", "", False
        if inner:
            mode, struct = self._wrapped(inner[1], inner[2] == "true")
            return None, struct, mode, False
        return _of_getter(member.code), "", "", False

    def _wrapped(self, name: str, is_set: bool) -> tuple[str, str]:
        for suffix, mode in _WRAPPERS.items():
            struct = name.removesuffix(suffix)
            if name.endswith(suffix) and f"{struct}OutputReference" in self._classes:
                return (mode.replace("list", "set", 1) if is_set else mode), struct
        raise KeyError(name)


def _one(pattern: str, text: str) -> str:
    found = re.search(pattern, text)
    assert found is not None, pattern
    return found[1]


def _simple(stored: str, mode: str) -> Any:
    """Return the type of `stringMapList` in a set: ["set", ["map", "string"]]; a set within reads as a list."""
    found = re.fullmatch(r"(string|number|boolean|any)((?:List|Map)*)", stored[0].lower() + stored[1:])
    if not found:
        return None
    of: Any = PRIMITIVE[found[1]]
    wraps = re.findall("List|Map", found[2])
    if of == "dynamic" and wraps == ["Map"]:
        return of
    for place, wrap in enumerate(wraps, 1):
        of = [mode if place == len(wraps) and mode in ("set", "list", "map") else wrap.lower(), of]
    return of


def _of_getter(code: str) -> Any:
    getter = _one(_GETTER.pattern, code)
    found = re.search(r"this\.(get\w*?)Attribute\(", getter)
    if not found:
        return "dynamic"
    of: Any = _KINDS[found[1]] if found[1] in _KINDS else _simple(found[1][3:], "")
    return ["set", of[1]] if "tolist" in getter and isinstance(of, list) else of


def _nested(within: Block, member: Member, mode: str, many: bool) -> Block:
    block: Block = {"nesting_mode": "single" if mode == "struct" else mode, "block": within}
    if mode in ("list", "set"):
        block |= {"min_items": 1} if member.required else {}
        block |= {} if many else {"max_items": 1}
    return block


def _object(within: Block, member: Member, mode: str) -> Block:
    """Return an attribute's object type or, where its members' flags are their own, a nested type."""
    outer = "" if mode == "struct" else mode
    own = (member.computed, member.optional, member.required)
    plain = not within.get("block_types") and all(
        "nested_type" not in each
        and own == tuple(bool(each.get(flag)) for flag in ("computed", "optional", "required"))
        for each in within.get("attributes", {}).values()
    )
    if not plain:
        return {"nested_type": {"attributes": within["attributes"], "nesting_mode": outer or "single"}}
    of: Any = ["object", {name: each["type"] for name, each in within.get("attributes", {}).items()}]
    for wrap in reversed(outer.split("+") if outer else []):
        of = [wrap, of]
    return {"type": of}


def _flagged(attribute: Block, member: Member) -> Block:
    for flag in ("computed", "optional", "required"):
        if getattr(member, flag):
            attribute[flag] = True
    return attribute | ({"description": member.text} if member.text else {})
