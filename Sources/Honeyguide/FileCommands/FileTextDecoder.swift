import HoneyAvro
import HoneyCodecs
import HoneyCore
import HoneyFiles
import HoneyStorage

/// Shows files that are not plain text as `dfs -text` does: what they are is told by how they begin, else by their names.
struct FileTextDecoder {
    let codecs: CodecCatalog

    /// Writes what a file means; false when it is plain.
    func write(_ file: any ReadableFile, to output: ([UInt8]) throws -> Void) throws -> Bool {
        let start = try [UInt8](unsafeUninitializedCapacity: 3) { buffer, count in
            count = try file.read(at: 0, count: 3, into: buffer.baseAddress!)
        }
        switch start {
        case Array("SEQ".utf8): try SequenceFileText(file, codecs: codecs).write(to: output)
        case Array("Obj".utf8): try AvroText(file).write(to: output)
        default:
            let isGzip = start.starts(with: [0x1F, 0x8B])
            let codec = isGzip ? GzipCodec() : codecs.codec(forFileNamed: file.location.name)
            guard let codec else { return false }
            try file.writeDecompressed(by: codec, to: output)
        }
        return true
    }
}
