import FormatContracts
import HoneyCatalog
import HoneyCodecs
import HoneyCore
import HoneyStorage

/// A codec that every file's name asks for, so that text in files without suffixes runs the contract.
struct UnnamedCodec: Codec {
    let codec: any Codec

    var classNames: [String] { codec.classNames }
    var fileExtension: String { "" }

    func makeDecompressor() throws -> any StreamDecompressor { try codec.makeDecompressor() }
    func makeCompressor() throws -> any StreamCompressor { try codec.makeCompressor() }
}

/// The same of a codec whose files are split.
struct UnnamedSplittableCodec: SplittableCodec {
    let codec: any SplittableCodec

    var classNames: [String] { codec.classNames }
    var fileExtension: String { "" }

    func makeDecompressor() throws -> any StreamDecompressor { try codec.makeDecompressor() }
    func makeCompressor() throws -> any StreamCompressor { try codec.makeCompressor() }
    func makePartDecompressor(of bytes: any RandomAccessBytes, from offset: Int) throws -> any PartDecompressor {
        try codec.makePartDecompressor(of: bytes, from: offset)
    }
}

extension FileTable {
    /// A table of text, compressed by the codec whatever its files' names are.
    static func text(_ columns: [TableColumn], _ codec: (any Codec)? = nil) -> FileTable {
        guard let codec else { return FileTable(columns, format: TextFormat(codecs: .standard)) }
        let unnamed: any Codec =
            (codec as? any SplittableCodec).map { UnnamedSplittableCodec(codec: $0) } ?? UnnamedCodec(codec: codec)
        var table = FileTable(columns, format: TextFormat(codecs: CodecCatalog([unnamed])))
        table.settings["hive.exec.compress.output"] = "true"
        table.settings["mapreduce.output.fileoutputformat.compress.codec"] = codec.classNames[0]
        return table
    }
}
