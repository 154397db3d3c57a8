import HoneyCodecs
import HoneyCore

/// How a new SequenceFile is compressed.
enum SequenceFileCompression {
    case none
    /// Each value on its own.
    case records(any Codec)
    /// Many records together.
    case blocks(any Codec)

    /// Reads the table's properties and the session's settings; fails with `INVALID_SETTING`.
    init(_ request: WriteRequest, among codecs: CodecCatalog) throws {
        guard let codec = try OutputCompression.codec(request, among: codecs) else {
            self = .none
            return
        }
        let type = OutputCompression.type(request)
        switch type {
        case "NONE": self = .none
        case "RECORD": self = .records(codec)
        case "BLOCK": self = .blocks(codec)
        default:
            throw HoneyError(
                .semantic, "INVALID_SETTING",
                "unknown compression type of a SequenceFile (NONE, RECORD or BLOCK): \(type)"
            )
        }
    }

    var codec: (any Codec)? {
        switch self {
        case .none: nil
        case .records(let codec), .blocks(let codec): codec
        }
    }

    var isBlock: Bool { if case .blocks = self { true } else { false } }
}
