import HoneyCatalog
import HoneyCodecs
import HoneyCore
import Testing

@testable import HoneyStorage

/// Which settings and properties compress new files.
struct OutputCompressionTests {
    static func suffix(_ settings: [String: String], _ properties: [String: String] = [:]) throws -> String {
        let request = WriteRequest(
            columns: [], serde: SerDeInfo(library: ""), tableParameters: properties, settings: settings)
        return try OutputCompression.codec(request, among: .standard)?.fileExtension ?? ""
    }

    static let on = ["hive.exec.compress.output": "TRUE"]

    @Test func theSessionDecides() throws {
        #expect(try Self.suffix([:]) == "")
        #expect(try Self.suffix(Self.on) == ".deflate")
        // Hive looks at its own flag alone.
        #expect(try Self.suffix(["mapred.output.compress": "true"]) == "")
        for name in [
            "mapred.output.compression.codec", "mapreduce.output.fileoutputformat.compress.codec",
            "mapred.output.fileoutputformat.compress.codec",
        ] {
            let codec = [name: "org.apache.hadoop.io.compress.SnappyCodec"]
            #expect(try Self.suffix(codec) == "")
            #expect(try Self.suffix(Self.on.merging(codec) { $1 }) == ".snappy")
        }
        let unknown = ["mapred.output.compression.codec": "org.example.NoCodec"]
        #expect(throws: HoneyError.self) { try Self.suffix(Self.on.merging(unknown) { $1 }) }
    }

    @Test func aTablesPropertiesGoFirst() throws {
        let codec = ["mapred.output.compression.codec": "org.apache.hadoop.io.compress.Lz4Codec"]
        #expect(try Self.suffix(Self.on, codec) == ".lz4")
        #expect(try Self.suffix([:], codec) == "")
        for flag in [
            "mapred.output.compress", "hive.exec.compress.output", "mapreduce.output.fileoutputformat.compress",
        ] {
            #expect(try Self.suffix([:], codec.merging([flag: "true"]) { $1 }) == ".lz4")
            #expect(try Self.suffix(Self.on, codec.merging([flag: "false"]) { $1 }) == "")
        }
    }

    @Test func theTypeOfASequenceFileIsASettingToo() throws {
        func compression(_ type: String?, of property: Bool) throws -> SequenceFileCompression {
            let types = type.map { ["mapred.output.compression.type": $0] } ?? [:]
            let request = WriteRequest(
                columns: [], serde: SerDeInfo(library: ""), tableParameters: property ? types : [:],
                settings: property ? Self.on : Self.on.merging(types) { $1 })
            return try SequenceFileCompression(request, among: .standard)
        }
        for isProperty in [false, true] {
            guard case .records = try compression(nil, of: isProperty) else { Issue.record("not by record"); return }
            guard case .blocks = try compression("block", of: isProperty) else { Issue.record("not by block"); return }
            guard case .none = try compression("NONE", of: isProperty) else { Issue.record("compressed"); return }
            #expect(throws: HoneyError.self) { try compression("BOTH", of: isProperty) }
        }
    }
}
