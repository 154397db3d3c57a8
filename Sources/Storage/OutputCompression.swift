import HoneyCodecs
import HoneyCore

/// How new files are compressed, by the table's properties, which go first, and the session's settings.
///
/// | setting | meaning |
/// |---|---|
/// | `hive.exec.compress.output` | whether; among a table's properties also the names below without `.codec` and `.type` |
/// | `mapreduce.output.fileoutputformat.compress.codec`, `mapred.output.compression.codec` | the codec's class |
/// | `mapreduce.output.fileoutputformat.compress.type`, `mapred.output.compression.type` | what a SequenceFile compresses |
enum OutputCompression {
    private static let flag = "hive.exec.compress.output"
    private static let tableFlags = [
        flag, "mapreduce.output.fileoutputformat.compress", "mapred.output.fileoutputformat.compress",
        "mapred.output.compress",
    ]
    private static let codecs = [
        "mapreduce.output.fileoutputformat.compress.codec", "mapred.output.fileoutputformat.compress.codec",
        "mapred.output.compression.codec",
    ]
    private static let types = [
        "mapreduce.output.fileoutputformat.compress.type", "mapred.output.fileoutputformat.compress.type",
        "mapred.output.compression.type",
    ]

    /// Finds the codec of new files; nil for none. Fails with `UNKNOWN_CODEC`.
    static func codec(_ request: WriteRequest, among catalog: CodecCatalog) throws -> (any Codec)? {
        // A session's MapReduce flags say nothing to Hive, which goes by its own.
        let flag = first(tableFlags, request.tableParameters) ?? request.settings[flag] ?? "false"
        guard flag.lowercased() == "true" else { return nil }
        let name = value(codecs, request) ?? "org.apache.hadoop.io.compress.DefaultCodec"
        return try catalog.codec(className: name)
    }

    /// What a SequenceFile compresses: `NONE`, `RECORD` or `BLOCK`; records are Hadoop's default.
    static func type(_ request: WriteRequest) -> String { value(types, request)?.uppercased() ?? "RECORD" }

    private static func value(_ names: [String], _ request: WriteRequest) -> String? {
        first(names, request.tableParameters) ?? first(names, request.settings)
    }

    /// The first of the names that has a value, which counts as absent when empty.
    private static func first(_ names: [String], _ values: [String: String]) -> String? {
        names.lazy.compactMap { values[$0] }.first { !$0.isEmpty }
    }
}
