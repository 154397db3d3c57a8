import HoneyCore
import HoneyStorage

/// Decodes timestamps: seconds since 2015 on the writer's clock, and nanoseconds with their trailing zeros counted.
///
/// A timestamp shows what the writer's clock showed, whatever the reader's zone; one of local time is of UTC.
final class TimestampDecoder: ColumnDecoder {
    private let seconds: IntegerRuns
    private let nanoseconds: IntegerRuns
    private let isInstant: Bool
    private let isHybrid: Bool
    private var zone: WriterZone?
    private var zoneName = ""
    private var base = WriterZone.baseSeconds
    private var scratch = IntegerScratch()
    private var fractions = IntegerScratch()

    init(_ node: TypeNode, isHybrid: Bool, context: ReadContext) {
        seconds = IntegerRuns(StreamBytes(context), isSigned: true)
        nanoseconds = IntegerRuns(StreamBytes(context), isSigned: false)
        isInstant = node.kind == .timestampInstant
        self.isHybrid = isHybrid
        super.init(node, type: .timestamp, context: context)
    }

    deinit {
        scratch.deallocate()
        fractions.deallocate()
    }

    override var indexedStreams: [any IndexedStream] { [seconds, nanoseconds] }

    override func enterValues(_ stripe: Stripe) throws {
        let isVersion2 = try directVersion2(stripe)
        seconds.bytes.enter(stripe.range(.data, of: column))
        seconds.restart(isVersion2: isVersion2)
        nanoseconds.bytes.enter(stripe.range(.secondary, of: column))
        nanoseconds.restart(isVersion2: isVersion2)
        // Writers that named no zone used one clock to write and to read.
        let name = isInstant ? "" : stripe.footer.writerTimezone
        if name != zoneName {
            zone = try WriterZone.named(name)
            zoneName = name
            base = zone?.base ?? WriterZone.baseSeconds
        }
    }

    override func skipValues(_ count: Int) throws {
        try seconds.skip(count)
        try nanoseconds.skip(count)
    }

    override func decodeValues(rows: Int, count: Int, validity: Bitmap?) throws -> Column {
        let whole = scratch.reserve(count)
        let parts = fractions.reserve(count)
        try seconds.read(count, into: whole)
        try nanoseconds.read(count, into: parts)
        for index in 0..<count {
            let nanoseconds = TimestampDecoder.nanoseconds(UInt64(bitPattern: parts[index]))
            var moment = whole[index] &+ base
            // Seconds were cut towards 1970, not down; only whole milliseconds tell.
            if nanoseconds > 999_999, moment &* 1000 &+ nanoseconds / 1_000_000 < 0 { moment &-= 1 }
            whole[index] = moment
            parts[index] = nanoseconds
        }
        if let zone { for index in 0..<count { whole[index] &+= zone.offset(at: whole[index]) } }
        if isHybrid {
            let first = Int64(HybridCalendar.firstGregorianDay) * 86_400
            let least = -Int64(1) << 45
            for index in 0..<count where whole[index] < first && whole[index] > least {
                whole[index] = HybridCalendar.fromHybrid(seconds: whole[index])
            }
        }
        whole[count] = 0
        parts[count] = 0
        let buffer = Buffer(capacity: rows * 16)
        let target = buffer.pointer(to: Int128.self)
        Bitmap.spread(validity, rows: rows) {
            target[$0] = Int128(whole[$1]) &* 1_000_000_000 &+ Int128(parts[$1])
        }
        return Column(type: type, count: rows, validity: validity, data: buffer)
    }

    /// Nanoseconds of their form in files: three bits count the zeros dropped from the end, less one.
    @inline(__always)
    private static func nanoseconds(_ form: UInt64) -> Int64 {
        let zeros = Int(form & 7)
        let digits = Int64(bitPattern: form &>> 3)
        return zeros == 0 ? digits : digits &* powers[zeros]
    }

    private nonisolated(unsafe) static let powers: UnsafePointer<Int64> = {
        let table = UnsafeMutablePointer<Int64>.allocate(capacity: 8)
        for zeros in 0..<8 { table[zeros] = DecimalMath.powerOfTen64(zeros + 1) }
        return UnsafePointer(table)
    }()
}
