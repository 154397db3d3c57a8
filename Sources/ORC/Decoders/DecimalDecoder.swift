import CScan
import HoneyCore
import HoneyStorage

/// Decodes decimals: varints of any length, each with a scale of its own; or, in the second format, plain integers.
final class DecimalDecoder: ColumnDecoder {
    private let data: StreamBytes
    private let scales: IntegerRuns
    /// The same DATA stream where it holds integers in runs of the type's scale.
    private let integers: IntegerRuns
    private let isPlain: Bool
    private let precision: Int
    private let scale: Int
    private var scratch = IntegerScratch()
    private var scaleScratch = IntegerScratch()

    init(_ node: TypeNode, precision: Int, scale: Int, isPlain: Bool, context: ReadContext) {
        data = StreamBytes(context)
        integers = IntegerRuns(data, isSigned: true)
        scales = IntegerRuns(StreamBytes(context), isSigned: true)
        self.isPlain = isPlain
        self.precision = precision
        self.scale = scale
        super.init(node, type: .decimal(precision: precision, scale: scale), context: context)
    }

    deinit {
        scratch.deallocate()
        scaleScratch.deallocate()
    }

    override var indexedStreams: [any IndexedStream] { isPlain ? [integers] : [data, scales] }

    override func enterValues(_ stripe: Stripe) throws {
        let isVersion2 = try directVersion2(stripe)
        data.enter(stripe.range(.data, of: column))
        integers.restart(isVersion2: true)
        scales.bytes.enter(isPlain ? nil : stripe.range(.secondary, of: column))
        scales.restart(isVersion2: isVersion2)
    }

    override func skipValues(_ count: Int) throws {
        if isPlain { return try integers.skip(count) }
        try scales.skip(count)
        var left = Int64(count)
        while left > 0 {
            guard try data.has(1) else { throw StreamBytes.endsEarly() }
            data.next += Int(honey_skip_varints(data.next, Int64(data.end - data.next), &left, DecimalDecoder.level))
        }
    }

    /// Kernels use the best that the processor has.
    private static let level = Int32(bitPattern: honey_level_best.rawValue)
    /// Rows among which one must be chosen for picking to beat reading all of them.
    private static let rowsToPickOneOf = 8

    override func pickValues(_ rows: Int, chosen: UnsafePointer<Int32>, chosenCount: Int) throws -> Column? {
        guard !isPlain, type.physical == .int64, chosenCount <= rows / DecimalDecoder.rowsToPickOneOf,
            try scales.repeated(rows) == Int64(scale)
        else { return nil }
        _ = try data.has(rows * 8)
        let buffer = Buffer(capacity: chosenCount * 8)
        let taken = honey_pick_varints(
            data.next, Int64(data.end - data.next), chosen, Int64(chosenCount), largest,
            buffer.pointer(to: Int64.self), DecimalDecoder.level)
        guard taken >= 0 else { return nil }
        data.next += Int(taken)
        try scales.skip(rows)
        return Column(type: type, count: chosenCount, data: buffer)
    }

    /// The largest unscaled value that fits, of those of up to 18 digits.
    private var largest: Int64 { DecimalMath.powerOfTen64(precision) &- 1 }

    override func decodeValues(rows: Int, count: Int, validity: Bitmap?) throws -> Column {
        let hasOneScale = try isPlain || readScales(count)
        if type.physical == .int64, hasOneScale {
            let buffer = Buffer(capacity: (rows + IntegerRuns.slack) * 8)
            let target = buffer.pointer(to: Int64.self)
            // Without nulls, values are read to their place.
            let values = validity == nil ? target : scratch.reserve(count)
            if try isPlain ? readPlain(count, into: values) : readShort(count, into: values) {
                if let validity {
                    values[count] = 0
                    Bitmap.spread(validity, rows: rows) { target[$0] = values[$1] }
                }
                return Column(type: type, count: rows, validity: validity, data: buffer)
            }
            if isPlain { throw HoneyError.damaged("decimal has more digits than its type") }
        }
        if hasOneScale { scaleScratch.reserve(count).update(repeating: Int64(scale), count: count) }
        return try decodeCarefully(rows: rows, count: count, validity: validity)
    }

    /// Reads the scales, to `scaleScratch` unless all are the type's; tells whether they are.
    private func readScales(_ count: Int) throws -> Bool {
        if try scales.repeated(count) == Int64(scale) {
            try scales.skip(count)
            return true
        }
        let target = scaleScratch.reserve(count)
        try scales.read(count, into: target)
        var difference: Int64 = 0
        let wanted = Int64(scale)
        for index in 0..<count { difference |= target[index] ^ wanted }
        return difference == 0
    }

    private func readPlain(_ count: Int, into target: UnsafeMutablePointer<Int64>) throws -> Bool {
        try integers.read(count, into: target)
        return fits(target, count)
    }

    private func fits(_ values: UnsafeMutablePointer<Int64>, _ count: Int) -> Bool {
        // The sign tells of either bound, without a branch: several values at once.
        let most = largest
        var outside: Int64 = 0
        for index in 0..<count { outside |= (most &- values[index]) | (most &+ values[index]) }
        return outside >= 0
    }

    /// Reads values of at most 56 bits that fit; false, with nothing read, when there are wider ones.
    private func readShort(_ count: Int, into target: UnsafeMutablePointer<Int64>) throws -> Bool {
        guard count > 0 else { return true }
        // All of them contiguous, so that the cursor can go back: mostly they take few bytes.
        _ = try data.has(count * 8)
        let taken = honey_read_varints(
            data.next, Int64(data.end - data.next), Int64(count), largest, target, DecimalDecoder.level)
        guard taken >= 0 else { return false }
        data.next += Int(taken)
        return true
    }

    /// Decodes values of any width and scale; what does not fit the type is null.
    private func decodeCarefully(rows: Int, count: Int, validity: Bitmap?) throws -> Column {
        let buffer = Buffer(capacity: rows * type.physical.width)
        let mask = validity?.copy() ?? Bitmap(count: rows, repeating: true)
        let given = scaleScratch.base
        var value = 0
        for row in 0..<rows where mask[row] {
            let (unscaled, isWide) = try wideVarint()
            let from = given[value]
            value += 1
            guard !isWide, from >= -38, from <= 38,
                let fitting = DecimalMath.rescale(unscaled, from: Int(from), to: scale),
                DecimalMath.fits(fitting, precision: precision)
            else {
                mask.clear(row)
                continue
            }
            if type.physical == .int64 {
                buffer.pointer(to: Int64.self)[row] = Int64(truncatingIfNeeded: fitting)
            } else {
                buffer.pointer(to: Int128.self)[row] = fitting
            }
        }
        return Column(
            type: type, count: rows, validity: mask.setCount == rows ? nil : mask, data: buffer)
    }

    /// Reads a varint; `isWide` when it takes more than 128 bits.
    private func wideVarint() throws -> (value: Int128, isWide: Bool) {
        var value: UInt128 = 0
        var shift: UInt128 = 0
        var isWide = false
        while true {
            guard try data.has(1) else { throw StreamBytes.endsEarly() }
            let byte = data.next[0]
            data.next += 1
            let bits = UInt128(byte & 0x7F)
            isWide = isWide || (shift > 121 && bits >> (128 - min(shift, 128)) != 0)
            if shift < 128 { value |= bits << shift }
            if byte < 0x80 { break }
            shift += 7
        }
        let magnitude = Int128(bitPattern: value >> 1)
        return (value & 1 == 0 ? magnitude : ~magnitude, isWide)
    }
}
