import HoneyCore

/// Walks UTF-8 by code points; bytes that are not UTF-8 count one each.
enum CodePoints {
    /// Counts the bytes that begin a code point.
    static func count(_ bytes: UnsafeBufferPointer<UInt8>) -> Int {
        var count = 0
        for byte in bytes { count &+= byte & 0xC0 == 0x80 ? 0 : 1 }
        return count
    }

    /// The offset of code point `index`, or the end when there are fewer.
    static func offset(of index: Int, in bytes: UnsafeBufferPointer<UInt8>) -> Int {
        var remaining = index
        var offset = 0
        while offset < bytes.count {
            if bytes[offset] & 0xC0 != 0x80 {
                if remaining == 0 { return offset }
                remaining -= 1
            }
            offset += 1
        }
        return bytes.count
    }

    /// The bytes of `count` code points from code point `start` on.
    static func slice(_ bytes: UnsafeBufferPointer<UInt8>, start: Int, count: Int) -> UnsafeBufferPointer<UInt8> {
        guard count > 0 else { return UnsafeBufferPointer(rebasing: bytes[0..<0]) }
        let first = offset(of: start, in: bytes)
        let rest = UnsafeBufferPointer(rebasing: bytes[first...])
        return UnsafeBufferPointer(rebasing: rest[..<offset(of: count, in: rest)])
    }

    static func reverse(_ bytes: UnsafeBufferPointer<UInt8>, into sink: inout ByteSink) {
        var end = bytes.count
        while end > 0 {
            var start = end - 1
            while start > 0 && bytes[start] & 0xC0 == 0x80 { start -= 1 }
            sink.append(UnsafeBufferPointer(rebasing: bytes[start..<end]))
            end = start
        }
    }

    /// The offset at which `needle` first occurs at or after `start`; nil when it does not.
    static func find(
        _ needle: UnsafeBufferPointer<UInt8>, in bytes: UnsafeBufferPointer<UInt8>, from start: Int = 0
    ) -> Int? {
        guard needle.count > 0 else { return start <= bytes.count ? start : nil }
        guard bytes.count >= needle.count else { return nil }
        let last = bytes.count - needle.count
        var offset = start
        while offset <= last {
            if bytes[offset] == needle[0] {
                let candidate = UnsafeBufferPointer(rebasing: bytes[offset..<offset + needle.count])
                if compareBytes(candidate, needle) == 0 { return offset }
            }
            offset += 1
        }
        return nil
    }
}
