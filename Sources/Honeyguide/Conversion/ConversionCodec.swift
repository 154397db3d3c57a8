import HoneyCore

/// How a format is told which compression to use: by settings of the session, or by properties of the table.
struct ConversionCodec {
    private(set) var settings: [String: String] = [:]
    private(set) var tableParameters: [String: String] = [:]

    /// Hadoop's classes, by the names that people use.
    private static let classes = [
        "deflate": "DefaultCodec", "zlib": "DefaultCodec", "gzip": "GzipCodec", "snappy": "SnappyCodec",
        "lz4": "Lz4Codec", "bzip2": "BZip2Codec", "zstd": "ZStandardCodec",
        "lzo": "com.hadoop.compression.lzo.LzopCodec",
    ]

    /// Chooses for a format and a compression's name; nil leaves all as it is. Fails with `UNKNOWN_CODEC`.
    init(_ name: String?, format: String) throws {
        guard let given = name?.lowercased() else { return }
        let isNone = ["none", "null", "uncompressed"].contains(given)
        let codec = given == "zstandard" ? "zstd" : given == "gz" ? "gzip" : given == "bz2" ? "bzip2" : given
        settings["hive.exec.compress.output"] = isNone ? "false" : "true"
        switch format {
        case "ORC": tableParameters["orc.compress"] = isNone ? "NONE" : codec == "deflate" ? "ZLIB" : codec.uppercased()
        case "PARQUET": tableParameters["parquet.compression"] = isNone ? "UNCOMPRESSED" : codec.uppercased()
        case "AVRO":
            let names = ["zstd": "zstandard", "zlib": "deflate"]
            if !isNone { settings["avro.output.codec"] = names[codec] ?? codec }
        default:
            guard !isNone else { return }
            guard let className = ConversionCodec.classes[codec] else {
                let known = ConversionCodec.classes.keys.sorted().joined(separator: ", ")
                throw HoneyError(
                    .semantic, "UNKNOWN_CODEC", "unknown compression (known: none, \(known)): \(given)")
            }
            settings["mapreduce.output.fileoutputformat.compress.codec"] =
                className.contains(".") ? className : "org.apache.hadoop.io.compress.\(className)"
            settings["mapreduce.output.fileoutputformat.compress.type"] = "BLOCK"
        }
    }
}
