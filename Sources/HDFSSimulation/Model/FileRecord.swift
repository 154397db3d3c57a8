import Foundation
import NIOCore

/// What must be in a file: bytes that its number decides, so that any of them can be checked wherever they turn up.
final class FileRecord {
    let number: Int
    /// Where it may be: one place, or two while a rename is in doubt.
    var paths: [String]
    var mayBeGone = false
    var stage = Stage.writing
    /// Bytes that every reader must see from now on.
    var acknowledged = 0
    /// Bytes that may be in it.
    var written = 0
    /// Counts changes of its name and end, so that a reader knows what happened meanwhile.
    var changes = 0

    enum Stage {
        case writing
        case closed
        /// Its writer gave up or died; it ends somewhere between what was acknowledged and what was written.
        case left
    }

    init(number: Int, path: String) {
        self.number = number
        paths = [path]
    }

    var isCertain: Bool { paths.count == 1 && !mayBeGone }

    /// The longest file there may be.
    static let greatestSize = FileRecord.period

    private static let period = 65_521
    /// Random bytes, twice so that any piece of a period lies in one.
    private static let table: [UInt8] = {
        var state: UInt32 = 12_345
        let once = (0..<period).map { _ in
            state = state &* 1_664_525 &+ 1_013_904_223
            return UInt8(truncatingIfNeeded: state >> 24)
        }
        return once + once
    }()

    /// Calls `body` with bytes of the file.
    func withBytes<Result>(_ range: Range<Int>, _ body: (UnsafeRawBufferPointer) throws -> Result) rethrows -> Result {
        let start = (number &* 7919 + range.lowerBound) % Self.period
        return try Self.table.withUnsafeBytes { table in
            try body(UnsafeRawBufferPointer(rebasing: table[start..<start + range.count]))
        }
    }

    /// Tells whether bytes are what the file has at an offset.
    func matches(_ bytes: ByteBuffer, at offset: Int) -> Bool {
        withBytes(offset..<offset + bytes.readableBytes) { wanted in
            bytes.withUnsafeReadableBytes { found in
                found.isEmpty || memcmp(found.baseAddress!, wanted.baseAddress!, found.count) == 0
            }
        }
    }
}
