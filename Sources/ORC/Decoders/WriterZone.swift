import Algorithms
import Foundation
import HoneyCore

/// The time zone of a stripe's writer, whose wall clock its timestamps show.
final class WriterZone {
    /// 2015-01-01 00:00:00 UTC, from which timestamps are counted in the writer's zone.
    static let baseSeconds: Int64 = 1_420_070_400

    private let name: String
    private let zone: TimeZone
    /// Seconds since 1970 from which each offset holds, ascending; the first one's holds before it, too.
    private let starts: [Int64]
    private let offsets: [Int64]
    /// Seconds since 1970 past which the table does not go.
    private static let tableEnd: Int64 = 4_102_444_800
    private static let tableStart: Int64 = -5_000_000_000
    private var last = 0

    /// Finds a zone; nil for UTC, whose clock needs no shifting. Fails with `UNSUPPORTED_FILE` on names nobody knows.
    static func named(_ name: String) throws -> WriterZone? {
        if ["", "UTC", "GMT", "Z", "Etc/UTC", "Etc/GMT", "Zulu", "Universal", "UCT"].contains(name) { return nil }
        guard let zone = TimeZone(identifier: name) ?? TimeZone(abbreviation: name) else {
            throw HoneyError(
                .data, "UNSUPPORTED_FILE", "timestamps are of a time zone that is not known here: \(name)")
        }
        return WriterZone(name, zone)
    }

    private init(_ name: String, _ zone: TimeZone) {
        self.name = name
        self.zone = zone
        func offset(_ seconds: Int64) -> Int64 {
            Int64(zone.secondsFromGMT(for: Date(timeIntervalSince1970: Double(seconds))))
        }
        var starts = [WriterZone.tableStart]
        var offsets = [offset(WriterZone.tableStart)]
        var from = Date(timeIntervalSince1970: Double(WriterZone.tableStart))
        while let change = zone.nextDaylightSavingTimeTransition(after: from), change > from,
            change.timeIntervalSince1970 < Double(WriterZone.tableEnd)
        {
            let seconds = Int64(change.timeIntervalSince1970.rounded(.up))
            starts.append(seconds)
            offsets.append(offset(seconds))
            from = change
        }
        self.starts = starts
        self.offsets = offsets
    }

    /// Seconds from 1970 of the moment from which timestamps are counted.
    var base: Int64 { WriterZone.baseSeconds - offset(at: WriterZone.baseSeconds) }

    /// What the zone's clock is ahead of UTC, in seconds, at a moment of UTC.
    func offset(at seconds: Int64) -> Int64 {
        if seconds >= WriterZone.tableEnd {
            return Int64(zone.secondsFromGMT(for: Date(timeIntervalSince1970: Double(min(seconds, 1 << 38)))))
        }
        if starts[last] <= seconds, last + 1 == starts.count || seconds < starts[last + 1] { return offsets[last] }
        last = max(starts.partitioningIndex { $0 > seconds } - 1, 0)
        return offsets[last]
    }
}
