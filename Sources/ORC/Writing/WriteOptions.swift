import HoneyCore
import HoneyStorage

/// How a file is to be written: table properties first, then settings, then Hive's defaults.
struct WriteOptions {
    let compression: ORCCompressionKind
    let blockBytes: Int
    let level: Int?
    let stripeBytes: Int
    /// Rows of a row group; 0: no row indexes.
    let groupRows: Int
    /// Names of columns that get bloom filters, lower-case.
    let bloomColumns: Set<String>
    let bloomFalsePositives: Double
    /// Strings go to a dictionary when at most this part of the first row group's differ.
    let dictionaryThreshold: Double

    init(_ request: WriteRequest) throws {
        func value(_ property: String, _ setting: String?) -> (name: String, text: String)? {
            if let text = request.tableParameters[property] { return (property, text) }
            if let text = request.settings[property] { return (property, text) }
            guard let setting, let text = request.settings[setting] else { return nil }
            return (setting, text)
        }
        func integer(_ property: String, _ setting: String?, _ usual: Int, _ range: ClosedRange<Int>) throws -> Int {
            guard let (name, text) = value(property, setting) else { return usual }
            guard let number = Int(text), range.contains(number) else { throw WriteOptions.invalid(name, text) }
            return number
        }
        func real(_ property: String, _ setting: String?, _ usual: Double) throws -> Double {
            guard let (name, text) = value(property, setting) else { return usual }
            guard let number = Double(text), (0...1).contains(number) else { throw WriteOptions.invalid(name, text) }
            return number
        }
        let codec = value("orc.compress", "hive.exec.orc.default.compress")
        compression = try codec.map { try WriteOptions.compression($0.name, $0.text) } ?? .zlib
        blockBytes = try integer(
            "orc.compress.size", "hive.exec.orc.default.buffer.size", ORCCompression.usualBlockBytes,
            1...ORCCompression.maximumBlockBytes - 1)
        stripeBytes = try integer("orc.stripe.size", "hive.exec.orc.default.stripe.size", 64 << 20, 0...Int.max)
        let createsIndex = value("orc.create.index", nil)?.text.lowercased() != "false"
        let stride = try integer(
            "orc.row.index.stride", "hive.exec.orc.default.row.index.stride", 10_000, 0...Int(Int32.max))
        groupRows = createsIndex ? stride : 0
        let names = value("orc.bloom.filter.columns", nil)?.text ?? ""
        bloomColumns = Set(names.lowercased().split { $0 == "," || $0 == " " }.map(String.init))
        let falsePositives = try real("orc.bloom.filter.fpp", nil, 0.05)
        bloomFalsePositives = min(max(falsePositives, 1e-6), 0.99)
        dictionaryThreshold = try real(
            "orc.dictionary.key.threshold", "hive.exec.orc.dictionary.key.size.threshold", 0.8)
        // Hive's usual strategy takes the second of zlib's levels.
        let strategy = value("orc.compression.strategy", "hive.exec.orc.compression.strategy")?.text.uppercased()
        level = compression == .zlib ? (strategy == "COMPRESSION" ? 6 : 2) : nil
    }

    private static func compression(_ name: String, _ text: String) throws -> ORCCompressionKind {
        switch text.uppercased() {
        case "NONE": return .none
        case "ZLIB": return .zlib
        case "SNAPPY": return .snappy
        case "LZ4": return .lz4
        case "ZSTD": return .zstd
        case "BROTLI": return .brotli
        default: throw invalid(name, text + " (NONE, ZLIB, SNAPPY, LZ4 and ZSTD are written)")
        }
    }

    private static func invalid(_ name: String, _ text: String) -> HoneyError {
        HoneyError(.semantic, "INVALID_PROPERTY", "invalid value of \(name): \(text)")
    }
}
