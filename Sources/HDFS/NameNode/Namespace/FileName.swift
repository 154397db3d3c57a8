/// One component of a path: any bytes of UTF-8 but `/` and NUL, compared byte by byte as Hadoop does.
///
/// A `String` alone would not do, since it holds texts of equal looks but other bytes to be equal.
package struct FileName: Hashable, Comparable, Sendable, CustomStringConvertible {
    package let text: String

    package init(_ text: String) { self.text = text }

    package var description: String { text }

    package var byteCount: Int { text.utf8.count }

    package static func == (left: FileName, right: FileName) -> Bool {
        left.byteCount == right.byteCount && left.order(against: right) == 0
    }

    package static func < (left: FileName, right: FileName) -> Bool { left.order(against: right) < 0 }

    package func hash(into hasher: inout Hasher) {
        for byte in text.utf8 { hasher.combine(byte) }
    }

    /// Below 0 when this comes first, 0 when both are the same.
    func order(against other: FileName) -> Int {
        let order = text.utf8.withContiguousStorageIfAvailable { mine in
            other.text.utf8.withContiguousStorageIfAvailable { theirs in Self.order(mine, theirs) }
        }
        if let found = order ?? nil { return found }
        return Array(text.utf8).withUnsafeBufferPointer { mine in
            Array(other.text.utf8).withUnsafeBufferPointer { theirs in Self.order(mine, theirs) }
        }
    }

    private static func order(_ left: UnsafeBufferPointer<UInt8>, _ right: UnsafeBufferPointer<UInt8>) -> Int {
        let shared = min(left.count, right.count)
        for index in 0..<shared where left[index] != right[index] { return Int(left[index]) - Int(right[index]) }
        return left.count - right.count
    }
}
