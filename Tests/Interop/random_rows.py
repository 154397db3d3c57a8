"""Random tables: schemas, and rows of plain Python values, from a seed."""
import datetime, decimal, random

decimal.getcontext().prec = 60

ALL_TYPES = [
    ("id", "int"), ("c_tinyint", "tinyint"), ("c_smallint", "smallint"), ("c_int", "int"), ("c_bigint", "bigint"),
    ("c_boolean", "boolean"), ("c_float", "float"), ("c_double", "double"), ("c_dec9", "decimal(9,2)"),
    ("c_dec18", "decimal(18,4)"), ("c_dec38", "decimal(38,10)"), ("c_string", "string"), ("c_varchar", "varchar(20)"),
    ("c_char", "char(10)"), ("c_date", "date"), ("c_timestamp", "timestamp"), ("c_binary", "binary"),
    ("c_array", "array<int>"), ("c_map", "map<string,int>"), ("c_struct", "struct<a:int,b:string>"),
    ("c_nested", "array<struct<x:int,y:string>>"), ("c_deep", "map<string,array<struct<p:bigint,q:array<double>>>>"),
]
STRINGS = [
    "", " ", "a\tb", "\\", "\\N", "\\n", "a\\b", '"q"', "it's", "a,b", "a|b", "NULL", "null", "éß漢字", "\U0001F600 grin",
    "trail  ", "  lead", "x" * 300, "\x7f", "\u2028", '{"a":1}', "[1,2]", "a:b", "true", "1e5",
]
INTEGER_BITS = {"tinyint": 8, "smallint": 16, "int": 32, "bigint": 64}
LETTERS = "abcdefghij klmnopXYZ019_-éö漢"


class RandomTables:
    def __init__(self, seed):
        self.random = random.Random(seed)

    def schema(self, columns):
        """Columns of any types, the first a number that tells rows apart."""
        return [("id", "int")] + [(f"c{index}", self.type(2)) for index in range(columns)]

    def type(self, depth):
        choice = self.random.randrange(16 if depth else 12)
        if choice < 4:
            return list(INTEGER_BITS)[choice]
        if choice == 4:
            precision = self.random.randint(1, 38)
            return f"decimal({precision},{self.random.randint(0, precision)})"
        simple = {5: "boolean", 6: "float", 7: "double", 8: "string", 9: "date", 10: "timestamp", 11: "binary"}
        if choice in simple:
            return simple[choice]
        if choice == 12:
            return f"array<{self.type(depth - 1)}>"
        if choice == 13:
            return f"map<string,{self.type(depth - 1)}>"
        fields = ",".join(f"f{index}:{self.type(depth - 1)}" for index in range(self.random.randint(1, 4)))
        return f"struct<{fields}>"

    def rows(self, schema, count):
        parsed = [parse(type) for _, type in schema]
        return [
            (index, *(None if index == 1 else self.value(type) for type in parsed[1:])) for index in range(count)
        ]

    def value(self, type):
        if self.random.random() < 0.1:
            return None
        name, arguments = type
        if name == "array":
            return [self.value(arguments[0]) for _ in range(self.random.randint(0, 4))]
        if name == "map":
            keys = self.random.sample(range(9), self.random.randint(0, 3))
            return {f"k{key}": self.value(arguments[1]) for key in keys}
        if name == "struct":
            return tuple(self.value(field) for _, field in arguments)
        return self.scalar(name, arguments)

    def scalar(self, name, arguments):
        r = self.random
        if name in INTEGER_BITS:
            top = 2 ** (INTEGER_BITS[name] - 1)
            return r.choice([-top, top - 1, 0, -1, r.randint(-top, top - 1), r.randint(-top, top - 1) >> r.randint(0, 63)])
        if name == "boolean":
            return r.random() < 0.5
        if name in ("float", "double"):
            return r.choice([
                0.0, -0.0, 1.5, 0.1, float("nan"), float("inf"), float("-inf"), float(r.randint(-9999, 9999)),
                r.uniform(-1, 1), r.uniform(-1e6, 1e6), r.random() * 10 ** r.randint(-30, 30),
            ])
        if name == "decimal":
            precision, scale = arguments
            digits = r.randint(1, precision)
            top = 10 ** digits - 1
            return decimal.Decimal(r.choice([0, 1, top, -top, r.randint(-top, top)])).scaleb(-scale)
        if name == "string":
            return r.choice(STRINGS) if r.random() < 0.3 else self.text(r.randint(1, 24))
        if name in ("varchar", "char"):
            return self.text(r.randint(1, arguments[0]))
        if name == "date":
            return (datetime.date(1970, 1, 1) + datetime.timedelta(days=r.randint(-25000, 60000))).isoformat()
        if name == "timestamp":
            seconds, micros = r.randint(-2 * 10 ** 9, 4 * 10 ** 9), r.choice([0, 0, 123, 1000, 999999, r.randint(0, 999999)])
            return (datetime.datetime(1970, 1, 1) + datetime.timedelta(seconds=seconds, microseconds=micros)).isoformat(" ")
        if name == "binary":
            # Hive's RCFile SerDe refuses values of no bytes.
            return bytes(r.randrange(256) for _ in range(r.randint(1, 16)))
        raise ValueError(name)

    def text(self, length):
        return "".join(self.random.choice(LETTERS) for _ in range(length))


def parse(text):
    """Turns a type's name into (name, arguments)."""
    name, _, rest = text.partition("<" if "<" in text else "(")
    if not rest:
        return text, ()
    inner = rest[:-1]
    if "<" not in text:
        return name, tuple(int(number) for number in inner.split(","))
    parts, depth, start = [], 0, 0
    for index, character in enumerate(inner):
        depth += (character in "<(") - (character in ">)")
        if character == "," and depth == 0:
            parts.append(inner[start:index])
            start = index + 1
    parts.append(inner[start:])
    if name == "struct":
        return name, tuple((part.partition(":")[0], parse(part.partition(":")[2])) for part in parts)
    return name, tuple(parse(part) for part in parts)


def without_zone_types(text):
    """The type in which Spark takes the plain Python value: dates and times as text, to be cast."""
    for name in ("date", "timestamp"):
        text = "string" if text == name else text.replace(f":{name}", ":string").replace(f"<{name}", "<string") \
            .replace(f",{name}", ",string")
    return "string" if text.startswith(("varchar", "char")) else text
