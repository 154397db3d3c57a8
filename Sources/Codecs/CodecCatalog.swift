import HoneyCore

/// The codecs an engine has, by class name and by file suffix.
public struct CodecCatalog: Sendable {
    public let codecs: [any Codec]

    public init(_ codecs: [any Codec]) { self.codecs = codecs }

    /// Finds a codec by class; fails with `UNKNOWN_CODEC`.
    public func codec(className: String) throws -> any Codec {
        if let codec = codecs.first(where: { $0.classNames.contains(className) }) { return codec }
        let known = codecs.flatMap(\.classNames).sorted().joined(separator: ", ")
        throw HoneyError(.data, "UNKNOWN_CODEC", "unknown compression codec: \(className) (known: \(known))")
    }

    /// Finds the codec that a file's name asks for; nil for a plain file.
    public func codec(forFileNamed name: String) -> (any Codec)? {
        codecs.first { name.hasSuffix($0.fileExtension) }
    }
}

extension CodecCatalog {
    /// The codecs that come with the house.
    public static let standard = CodecCatalog([
        DeflateCodec(), GzipCodec(), BZip2Codec(), SnappyCodec(), LZ4Codec(), ZStandardCodec(), LZOCodec(), LzopCodec(),
    ])
}
