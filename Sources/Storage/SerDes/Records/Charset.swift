import HoneyCatalog
import HoneyCore

#if canImport(Glibc)
    import Glibc
#else
    import Musl
#endif

/// A character set other than UTF-8 that contains ASCII, known by a Java name: `serialization.encoding`.
public struct Charset: Sendable, Hashable {
    /// What the C library calls it.
    let name: String

    /// Finds the character set of a table's properties, a SerDe's own first; nil for UTF-8.
    static func named(in serde: SerDeInfo, _ table: [String: String]) throws -> Charset? {
        let property = "serialization.encoding"
        return try (serde.properties[property] ?? table[property]).flatMap { try Charset.named($0) }
    }

    /// Finds a character set by a Java name; nil for UTF-8. Fails with `UNSUPPORTED_CHARSET`.
    public static func named(_ name: String) throws -> Charset? {
        let wanted = name.lowercased()
        if ["utf-8", "utf8", "unicode-1-1-utf-8", ""].contains(wanted) { return nil }
        let charset = Charset(name: libraryNames[wanted] ?? wanted)
        let isName = wanted.utf8.allSatisfy { (0x61...0x7A).contains($0) || (0x2D...0x39).contains($0) || $0 == 0x5F }
        guard isName, let writer = try? Transcoder.writing(charset), (try? Transcoder.reading(charset)) != nil else {
            throw unsupported(name, "this machine does not know it")
        }
        // Lines are told apart by bytes before they are decoded.
        var lineEnds: [UInt8] = []
        [0x41, 0x0D, 0x0A].withUnsafeBufferPointer { writer.append($0, to: &lineEnds) }
        guard lineEnds == [0x41, 0x0D, 0x0A] else { throw unsupported(name, "its line ends are not ASCII's") }
        return charset
    }

    private static func unsupported(_ name: String, _ reason: String) -> HoneyError {
        HoneyError(
            .data, "UNSUPPORTED_CHARSET",
            "unsupported serialization.encoding (\(reason); known: UTF-8, US-ASCII, ISO-8859-1 to -15, windows-1250 to -1258, GBK, GB18030, Big5, Shift_JIS, EUC-JP, EUC-KR and others): \(name)"
        )
    }

    /// Java's names that the C library does not know, or knows as something else.
    private static let libraryNames: [String: String] = [
        "latin1": "iso-8859-1", "l1": "iso-8859-1", "iso8859_1": "iso-8859-1", "8859_1": "iso-8859-1",
        "iso_8859_1": "iso-8859-1", "iso8859-1": "iso-8859-1", "latin9": "iso-8859-15", "latin-9": "iso-8859-15",
        "l9": "iso-8859-15", "iso8859_15": "iso-8859-15", "8859_15": "iso-8859-15", "iso8859-15": "iso-8859-15",
        "windows-1250": "cp1250", "windows-1251": "cp1251", "windows-1252": "cp1252", "windows-1253": "cp1253",
        "windows-1254": "cp1254", "windows-1255": "cp1255", "windows-1256": "cp1256", "windows-1257": "cp1257",
        "windows-1258": "cp1258", "ascii7": "us-ascii", "ascii": "us-ascii", "iso646-us": "us-ascii",
        "sjis": "shift_jis", "x-sjis": "shift_jis", "shift-jis": "shift_jis", "ms932": "cp932", "windows-31j": "cp932",
        "x-windows-932": "cp932", "eucjp": "euc-jp", "euc_jp": "euc-jp", "euckr": "euc-kr", "euc_kr": "euc-kr",
        "ms949": "cp949", "x-windows-949": "cp949", "ks_c_5601-1987": "euc-kr", "ms936": "gbk", "cp936": "gbk",
        "windows-936": "gbk", "gb2312": "euc-cn", "euc_cn": "euc-cn", "x-euc-cn": "euc-cn", "gb18030-2022": "gb18030",
        "big5-hkscs": "big5-hkscs", "big5_hkscs": "big5-hkscs", "ms950": "cp950", "x-windows-950": "cp950",
        "koi8_r": "koi8-r", "tis620": "tis-620", "x-windows-874": "cp874", "ms874": "cp874",
    ]
}

/// Changes text from one character set into another by the C library's iconv; for one thread.
final class Transcoder {
    private let descriptor: iconv_t
    /// What stands for bytes or characters that the other set lacks.
    private let replacement: [UInt8]
    private let isFromUTF8: Bool

    /// Makes one that reads a character set and writes UTF-8.
    static func reading(_ charset: Charset) throws -> Transcoder {
        try Transcoder(to: "utf-8", from: charset.name, replacement: [0xEF, 0xBF, 0xBD], isFromUTF8: false)
    }

    /// Makes one that reads UTF-8 and writes a character set.
    static func writing(_ charset: Charset) throws -> Transcoder {
        try Transcoder(to: charset.name, from: "utf-8", replacement: [0x3F], isFromUTF8: true)
    }

    private init(to target: String, from source: String, replacement: [UInt8], isFromUTF8: Bool) throws {
        guard let descriptor = iconv_open(target, source), Int(bitPattern: descriptor) != -1 else {
            throw HoneyError(.data, "UNSUPPORTED_CHARSET", "no conversion from \(source) to \(target)")
        }
        self.descriptor = descriptor
        self.replacement = replacement
        self.isFromUTF8 = isFromUTF8
    }

    deinit { iconv_close(descriptor) }

    /// Appends what `source` is in the other character set.
    func append(_ source: UnsafeBufferPointer<UInt8>, to target: inout [UInt8]) {
        guard let base = source.baseAddress else { return }
        var input: UnsafeMutablePointer<CChar>? = UnsafeMutablePointer(
            mutating: UnsafeRawPointer(base).assumingMemoryBound(to: CChar.self))
        var left = source.count
        iconv(descriptor, nil, nil, nil, nil)
        withUnsafeTemporaryAllocation(of: CChar.self, capacity: 1024) { buffer in
            while left > 0 {
                var output = buffer.baseAddress
                var room = buffer.count
                let hasStopped = iconv(descriptor, &input, &left, &output, &room) == -1
                let isFull = hasStopped && errno == E2BIG
                target.append(
                    contentsOf: UnsafeRawBufferPointer(
                        rebasing: UnsafeRawBufferPointer(buffer)[..<(buffer.count - room)]))
                if hasStopped, !isFull { skip(&input, &left, &target) }
            }
            // Some sets end in a state of their own.
            var output = buffer.baseAddress
            var room = buffer.count
            iconv(descriptor, nil, nil, &output, &room)
            target.append(
                contentsOf: UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer(buffer)[..<(buffer.count - room)]))
        }
    }

    /// Replaces what the C library stopped at: a byte, or a whole character of UTF-8.
    private func skip(_ input: inout UnsafeMutablePointer<CChar>?, _ left: inout Int, _ target: inout [UInt8]) {
        guard let start = input else { return }
        target.append(contentsOf: replacement)
        var skipped = 1
        while isFromUTF8, skipped < left, UInt8(bitPattern: start[skipped]) & 0xC0 == 0x80 { skipped += 1 }
        input = start + skipped
        left -= skipped
    }
}
