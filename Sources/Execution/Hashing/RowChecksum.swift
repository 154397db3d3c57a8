package import HoneyCore

/// A checksum of rows in any order: the sum, modulo 2^128, of a 128-bit hash of each row's canonical spelling.
///
/// Equal rows count as often as they are there. Two tables of the same types with equal sums hold the same rows, but for chance.
package struct RowChecksum: Hashable, Sendable, CustomStringConvertible {
    package private(set) var sum: UInt128 = 0
    package private(set) var rows = 0

    package init() {}

    package init(sum: UInt128, rows: Int) {
        self.sum = sum
        self.rows = rows
    }

    /// Adds a batch's (selected) rows.
    package mutating func add(_ batch: Batch) {
        var bytes: [UInt8] = []
        for position in 0..<batch.rowCount {
            bytes.removeAll(keepingCapacity: true)
            let row = batch.selection.map { $0[position] } ?? position
            for column in batch.columns { column.spell(row: row, into: &bytes) }
            sum &+= bytes.withUnsafeBytes { RowChecksum.hash($0) }
        }
        rows += batch.rowCount
    }

    package static func += (a: inout RowChecksum, b: RowChecksum) {
        a.sum &+= b.sum
        a.rows += b.rows
    }

    /// The sum as 32 hexadecimal digits.
    package var description: String {
        let digits = String(sum, radix: 16)
        return String(repeating: "0", count: 32 - digits.count) + digits
    }

    /// Hashes bytes in two lanes that see every word under different secrets.
    private static func hash(_ bytes: UnsafeRawBufferPointer) -> UInt128 {
        var a = HashMixing.first ^ UInt64(truncatingIfNeeded: bytes.count)
        var b = HashMixing.second
        var offset = 0
        while offset < bytes.count {
            let (low, high) = words(bytes, offset)
            let (oldA, oldB) = (a, b)
            a = HashMixing.fold(low ^ oldA, high ^ HashMixing.third) ^ oldB
            b = HashMixing.fold(high ^ oldB ^ HashMixing.first, low ^ oldA ^ HashMixing.second)
            offset += 16
        }
        let high = HashMixing.fold(a ^ HashMixing.third, b ^ HashMixing.first)
        let low = HashMixing.fold(b ^ HashMixing.second, a ^ UInt64(truncatingIfNeeded: bytes.count))
        return UInt128(high) << 64 | UInt128(low)
    }

    /// The 16 bytes at an offset, zeros after the end.
    private static func words(_ bytes: UnsafeRawBufferPointer, _ offset: Int) -> (UInt64, UInt64) {
        if offset + 16 <= bytes.count {
            return (
                bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self),
                bytes.loadUnaligned(fromByteOffset: offset + 8, as: UInt64.self)
            )
        }
        var words: (UInt64, UInt64) = (0, 0)
        withUnsafeMutableBytes(of: &words) { $0.copyBytes(from: bytes[offset...]) }
        return words
    }
}
