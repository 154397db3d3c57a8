/// What zlib wraps around deflated bytes.
enum DeflateContainer: Sendable {
    /// RFC 1950: two bytes of header, an Adler-32 at the end.
    case zlib
    /// RFC 1952: a header of ten bytes and more, a CRC-32 and the length at the end; members may follow one another.
    case gzip
    /// RFC 1951: nothing.
    case none

    /// zlib's `windowBits`: 32 KiB of window, 16 more for the gzip wrapper.
    var windowBits: Int32 {
        switch self {
        case .zlib: 15
        case .gzip: 31
        case .none: -15
        }
    }

    var name: String {
        switch self {
        case .zlib: "zlib"
        case .gzip: "gzip"
        case .none: "deflate"
        }
    }
}
