import HoneyCatalog

/// What a JSON SerDe accepts and writes, by its class and properties.
struct JSONDialect: Sendable {
    /// OpenX's grammar and conversions instead of Hive's: bare words, single quotes, rows as arrays.
    let isLenient: Bool
    /// Makes lines that are not JSON rows of nulls, and values that are not of their type null.
    let ignoresDamage: Bool
    let ignoresCase: Bool
    /// Makes lines without a character rows of nulls.
    let acceptsEmptyLines: Bool
    /// Takes fields that no column has for errors.
    let refusesUnknownFields: Bool
    /// Takes a dot in a field's name for an underscore.
    let hasDotsInNames: Bool
    /// The names that some columns have in JSON.
    let mappings: [String: String]
    /// Whether binary values are base64; otherwise they are strings of their bytes.
    let hasBase64: Bool
    /// Writes fields that are null.
    let writesNulls: Bool
    let timestampPatterns: [TimestampPattern]

    /// Reads the properties of Hive's SerDe.
    static func hive(_ serde: SerDeInfo, _ table: [String: String]) -> JSONDialect {
        let properties = table.merging(serde.properties) { $1 }
        return JSONDialect(
            isLenient: false, ignoresDamage: false, ignoresCase: true,
            acceptsEmptyLines: properties["text.null.empty.line"]?.lowercased() == "true",
            refusesUnknownFields: properties["text.ignore.extra.fields"]?.lowercased() == "false",
            hasDotsInNames: false, mappings: [:],
            hasBase64: properties["json.binary.format"]?.lowercased() != "rawstring", writesNulls: true,
            timestampPatterns: TimestampPattern.list(properties["timestamp.formats"] ?? ""))
    }

    /// Reads the properties of OpenX's SerDe.
    static func openX(_ serde: SerDeInfo) -> JSONDialect {
        let properties = serde.properties
        func flag(_ name: String) -> Bool? { properties[name].map { $0.lowercased() == "true" } }
        let prefix = "mapping."
        var mappings: [String: String] = [:]
        for (name, value) in properties where name.hasPrefix(prefix) {
            mappings[name.dropFirst(prefix.count).lowercased()] = value
        }
        return JSONDialect(
            isLenient: true, ignoresDamage: flag("ignore.malformed.json") ?? false,
            ignoresCase: flag("case.insensitive") ?? true, acceptsEmptyLines: true, refusesUnknownFields: false,
            hasDotsInNames: flag("dots.in.keys") ?? false, mappings: mappings, hasBase64: true,
            writesNulls: flag("explicit.null") ?? false,
            timestampPatterns: TimestampPattern.list(properties["timestamp.formats"] ?? ""))
    }
}
