import HoneyCatalog
import HoneyCore
import HoneyPlan

/// What a storage clause means in class names and properties, as Hive stores them.
struct StorageChoice {
    var inputFormat: String
    var outputFormat: String
    var serde: SerDeInfo

    /// Resolves a clause; formats and SerDes it leaves out come from the session's settings.
    init(_ clause: StorageClause, in context: any CommandContext, isManaged: Bool = true) throws {
        let settings = context.session.settings
        var keyword = settings["hive.default.fileformat"] ?? "TextFile"
        if isManaged, let managed = settings["hive.default.fileformat.managed"], managed.lowercased() != "none" {
            keyword = managed
        }
        let files = try StorageChoice.files(clause.fileFormat ?? .keyword(keyword), in: context)
        inputFormat = files.input
        outputFormat = files.output
        serde = SerDeInfo(library: files.serde, properties: ["serialization.format": "1"])
        switch clause.rowFormat {
        case nil: break
        case .serde(let name, let properties):
            serde.library = name
            serde.properties.merge(properties) { $1 }
        case .delimited(let format): serde.properties.merge(try format.properties) { $1 }
        }
    }

    /// The classes a format stands for.
    static func files(
        _ clause: FileFormatClause, in context: any CommandContext
    ) throws -> (input: String, output: String, serde: String) {
        let settings = context.session.settings
        switch clause {
        case .classes(let input, let output, let serde):
            return (input, output, serde ?? settings["hive.default.serde"] ?? lazySimpleSerDe)
        case .keyword(let keyword):
            guard let entry = context.formats.entry(keyword) else {
                let known = context.formats.entries.map { $0.keyword.lowercased() }
                throw HoneyError(
                    .semantic, "UNKNOWN_FORMAT",
                    "unknown file format: \(keyword.lowercased())"
                        + SpellingSuggestion.hint(for: keyword.lowercased(), in: known))
            }
            let serde = entry.keyword == "RCFILE" ? settings["hive.default.rcfile.serde"] : nil
            return (entry.inputFormat, entry.outputFormat, serde ?? entry.serde)
        }
    }

    static let lazySimpleSerDe = "org.apache.hadoop.hive.serde2.lazy.LazySimpleSerDe"
}

extension DelimitedRowFormat {
    /// The properties in which Hive's SerDes find the delimiters.
    var properties: [String: String] {
        get throws {
            var properties: [String: String] = [:]
            if let fieldDelimiter {
                properties["field.delim"] = fieldDelimiter
                properties["serialization.format"] = fieldDelimiter
            }
            if let escape { properties["escape.delim"] = escape }
            // Hive 2 has misspelt this one ever since, and reads both.
            if let collectionDelimiter { properties["colelction.delim"] = collectionDelimiter }
            if let mapKeyDelimiter { properties["mapkey.delim"] = mapKeyDelimiter }
            if let lineDelimiter {
                guard lineDelimiter == "\n" || lineDelimiter == "10" else {
                    throw HoneyError(
                        .semantic, "LINES_TERMINATED_BY", "lines can be terminated by newline '\\n' only")
                }
                properties["line.delim"] = lineDelimiter
            }
            if let nullFormat { properties["serialization.null.format"] = nullFormat }
            return properties
        }
    }
}
