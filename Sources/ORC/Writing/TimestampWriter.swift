import HoneyCore
import HoneyStorage

/// Writes timestamps of a clock that shows UTC; see `TimestampDecoder`.
final class TimestampWriter: ColumnWriter {
    private let seconds: StreamOutput
    private let nanoseconds: StreamOutput
    private let secondRuns: IntegerRunEncoder
    private let nanosecondRuns: IntegerRunEncoder
    private var wholes = IntegerScratch()
    private var parts = IntegerScratch()
    private var moments = IntegerScratch()

    override init(_ column: Int, type: DataType, hasBloom: Bool, setting: Setting) {
        seconds = StreamOutput(setting.compressor)
        nanoseconds = StreamOutput(setting.compressor)
        secondRuns = IntegerRunEncoder(seconds, isSigned: true)
        nanosecondRuns = IntegerRunEncoder(nanoseconds, isSigned: false)
        super.init(column, type: type, hasBloom: hasBloom, setting: setting)
    }

    deinit {
        wholes.deallocate()
        parts.deallocate()
        moments.deallocate()
    }

    override var valueStreams: [(kind: ORCStream.Kind, output: StreamOutput)] {
        [(.data, seconds), (.secondary, nanoseconds)]
    }

    override func appendPositions(to positions: inout [UInt64]) {
        secondRuns.appendPosition(to: &positions)
        nanosecondRuns.appendPosition(to: &positions)
    }

    override func finishValues(_ positions: inout [[UInt64]]) throws {
        try secondRuns.flush()
        try nanosecondRuns.flush()
    }

    override func writeValues(_ values: Column) throws {
        let count = values.count
        let source = values.values(as: Int128.self)
        let wholes = wholes.reserve(count)
        let parts = parts.reserve(count)
        let moments = moments.reserve(count)
        for row in 0..<count {
            let (days, rest) = CivilDate.split(timestamp: source[row])
            var second = Int64(days) * 86_400 + Int64(rest / 1_000_000_000)
            let nanosecond = Int64(rest % 1_000_000_000)
            if days < HybridCalendar.firstGregorianDay { second = HybridCalendar.toHybrid(seconds: second) }
            moments[row] = second &* 1000 &+ nanosecond / 1_000_000
            // Readers take a second off what is before 1970 and has milliseconds.
            if second < 0, nanosecond > 999_999 { second += 1 }
            wholes[row] = second - WriterZone.baseSeconds
            parts[row] = TimestampWriter.form(nanosecond)
        }
        statistics.add(moments, count: count, sums: false)
        if bloom != nil { for row in 0..<count { bloom?.insert(BloomHash.hash(moments[row])) } }
        try secondRuns.append(wholes, count: count)
        try nanosecondRuns.append(parts, count: count)
    }

    /// Nanoseconds without the zeros at their end, which three bits count where there are two or more.
    @inline(__always)
    private static func form(_ nanoseconds: Int64) -> Int64 {
        if nanoseconds == 0 { return 0 }
        if nanoseconds % 100 != 0 { return nanoseconds << 3 }
        var digits = nanoseconds / 100
        var zeros: Int64 = 1
        while digits % 10 == 0, zeros < 7 {
            digits /= 10
            zeros += 1
        }
        return digits << 3 | zeros
    }
}
