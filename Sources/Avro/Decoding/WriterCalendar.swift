import Foundation
import HoneyCore
import HoneyStorage

/// The calendar and the clock of a file's dates and timestamps, by the metadata that Hive leaves in it.
///
/// | metadata | meaning |
/// |---|---|
/// | `writer.proleptic` | `true` for a calendar that is Gregorian throughout; else Julian before 1582-10-15, as Hive always had it |
/// | `writer.time.zone` | the zone whose clock the writer's timestamps show; they are stored as moments of UTC |
struct WriterCalendar {
    static let prolepticKey = "writer.proleptic"
    static let zoneKey = "writer.time.zone"
    private static let prolepticSetting = "hive.avro.proleptic.gregorian.default"

    private let isProleptic: Bool
    private let clock: ZoneClock?

    /// Reads a file's metadata, and the setting that counts where it says nothing; fails with `UNSUPPORTED_FILE`.
    init(_ header: AvroHeader, settings: [String: String]) throws {
        let proleptic = header.member(WriterCalendar.prolepticKey) ?? settings[WriterCalendar.prolepticSetting]
        isProleptic = proleptic?.lowercased() == "true"
        let zone = header.member(WriterCalendar.zoneKey) ?? "UTC"
        guard !["UTC", "GMT", "Z", "Etc/UTC"].contains(zone) else {
            clock = nil
            return
        }
        guard let found = TimeZone(identifier: zone) ?? TimeZone(abbreviation: zone) else {
            throw HoneyError(
                .data, "UNSUPPORTED_FILE", "unknown time zone in the metadata of an Avro file: \(zone)")
        }
        clock = ZoneClock(found)
    }

    /// Makes our days of the file's, in place.
    func adjust(days: UnsafeMutablePointer<Int32>, count: Int) {
        if !isProleptic { HybridCalendar.fromHybrid(days, count: count) }
    }

    /// Makes our timestamps of the file's, in place.
    func adjust(timestamps: UnsafeMutablePointer<Int128>, count: Int) {
        if let clock {
            for row in 0..<count { timestamps[row] += Int128(clock.offset(at: timestamps[row])) * 1_000_000_000 }
        }
        guard !isProleptic else { return }
        let first = Int128(HybridCalendar.firstGregorianDay) * CivilDate.nanosecondsPerDay
        for row in 0..<count where timestamps[row] < first {
            let (days, rest) = CivilDate.split(timestamp: timestamps[row])
            timestamps[row] = CivilDate.timestamp(
                days: HybridCalendar.fromHybrid(days: days), nanosecondsOfDay: rest)
        }
    }
}

/// A zone's offsets from UTC; remembers the last one for as long as it held.
private final class ZoneClock {
    private let zone: TimeZone
    private var from: Int128 = 0
    private var until: Int128 = 0
    private var offset = 0

    init(_ zone: TimeZone) { self.zone = zone }

    /// The offset at a moment in nanoseconds since 1970-01-01 UTC, in seconds.
    func offset(at moment: Int128) -> Int {
        if moment >= from, moment < until { return offset }
        let date = Date(timeIntervalSince1970: Double(moment / CivilDate.nanosecondsPerSecond))
        offset = zone.secondsFromGMT(for: date)
        from = moment
        let next = zone.nextDaylightSavingTimeTransition(after: date)?.timeIntervalSince1970
        until = next.map { Int128($0) * CivilDate.nanosecondsPerSecond } ?? moment + 1
        return offset
    }
}

extension ColumnSlots {
    /// Makes our dates and timestamps of the file's, before the batch ends.
    func adjust(by calendar: WriterCalendar) {
        for (index, type) in types.enumerated() {
            switch type {
            case .date:
                calendar.adjust(days: slots[index].data.assumingMemoryBound(to: Int32.self), count: slots[index].count)
            case .timestamp:
                calendar.adjust(
                    timestamps: slots[index].data.assumingMemoryBound(to: Int128.self), count: slots[index].count)
            default: break
            }
        }
    }
}
