import HoneyCore
import Synchronization

/// Counts the bytes a query holds and refuses more than its limit.
package final class MemoryTracker: Sendable {
    private let held = Atomic<Int>(0)
    private let peak = Atomic<Int>(0)
    package let limitBytes: Int?

    package init(limitBytes: Int? = nil) { self.limitBytes = limitBytes }

    package var heldBytes: Int { held.load(ordering: .relaxed) }
    package var peakBytes: Int { peak.load(ordering: .relaxed) }

    /// Adds `bytes`, or fails with `MEMORY_LIMIT_EXCEEDED` and adds nothing.
    package func reserve(_ bytes: Int, for operatorName: String) throws {
        let now = held.wrappingAdd(bytes, ordering: .relaxed).newValue
        if let limitBytes, now > limitBytes {
            held.wrappingSubtract(bytes, ordering: .relaxed)
            throw HoneyError(
                .environment, "MEMORY_LIMIT_EXCEEDED",
                "query needs more memory than mem_limit allows: \(MemoryTracker.mebibytes(bytes)) MiB asked by \(operatorName), "
                    + "limit \(MemoryTracker.mebibytes(limitBytes)) MiB (raise it with set mem_limit=…)")
        }
        var highest = peak.load(ordering: .relaxed)
        while now > highest {
            let (exchanged, original) = peak.compareExchange(expected: highest, desired: now, ordering: .relaxed)
            if exchanged { break }
            highest = original
        }
    }

    package func release(_ bytes: Int) { held.wrappingSubtract(bytes, ordering: .relaxed) }

    private static func mebibytes(_ bytes: Int) -> Int { (bytes + (1 << 20) - 1) >> 20 }
}

/// What one operator instance holds of the query's memory; used by one thread.
package final class MemoryReservation {
    private let tracker: MemoryTracker
    private let operatorName: String
    /// Bytes reserved, a little more than held.
    package private(set) var reservedBytes = 0
    package private(set) var peakBytes = 0
    private static let chunkBytes = 64 << 10

    package init(_ tracker: MemoryTracker, for operatorName: String) {
        self.tracker = tracker
        self.operatorName = operatorName
    }

    deinit { tracker.release(reservedBytes) }

    /// Sets how many bytes are held now.
    package func set(_ bytes: Int) throws {
        peakBytes = max(peakBytes, bytes)
        if bytes > reservedBytes {
            let wanted = (bytes - reservedBytes + Self.chunkBytes - 1) / Self.chunkBytes * Self.chunkBytes
            try tracker.reserve(wanted, for: operatorName)
            reservedBytes += wanted
        } else if reservedBytes - bytes > 4 * Self.chunkBytes {
            let spare = (reservedBytes - bytes) / Self.chunkBytes * Self.chunkBytes
            tracker.release(spare)
            reservedBytes -= spare
        }
    }
}
