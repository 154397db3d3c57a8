import HoneyCore
import HoneyStorage

/// Writes smallint, int, bigint and date.
final class IntegerWriter: ColumnWriter {
    private let output: StreamOutput
    private let runs: IntegerRunEncoder
    private var scratch = IntegerScratch()

    override init(_ column: Int, type: DataType, hasBloom: Bool, setting: Setting) {
        output = StreamOutput(setting.compressor)
        runs = IntegerRunEncoder(output, isSigned: true)
        super.init(column, type: type, hasBloom: hasBloom, setting: setting)
    }

    deinit { scratch.deallocate() }

    override var valueStreams: [(kind: ORCStream.Kind, output: StreamOutput)] { [(.data, output)] }

    override func appendPositions(to positions: inout [UInt64]) { runs.appendPosition(to: &positions) }

    override func finishValues(_ positions: inout [[UInt64]]) throws { try runs.flush() }

    override func writeValues(_ values: Column) throws {
        let count = values.count
        let wide = scratch.reserve(count)
        switch values.physical {
        case .int16:
            let source = values.values(as: Int16.self)
            for row in 0..<count { wide[row] = Int64(source[row]) }
        case .int32:
            let source = values.values(as: Int32.self)
            for row in 0..<count { wide[row] = Int64(source[row]) }
        default: wide.update(from: values.values(as: Int64.self), count: count)
        }
        if type == .date {
            let first = Int64(HybridCalendar.firstGregorianDay)
            for row in 0..<count where wide[row] < first {
                wide[row] = Int64(HybridCalendar.toHybrid(days: Int(wide[row])))
            }
        }
        statistics.add(wide, count: count, sums: type != .date)
        if bloom != nil { for row in 0..<count { bloom?.insert(BloomHash.hash(wide[row])) } }
        try runs.append(wide, count: count)
    }
}

/// Writes float and double.
final class RealWriter: ColumnWriter {
    private let output: StreamOutput

    override init(_ column: Int, type: DataType, hasBloom: Bool, setting: Setting) {
        output = StreamOutput(setting.compressor)
        super.init(column, type: type, hasBloom: hasBloom, setting: setting)
    }

    override var encoding: ORCColumnEncoding.Kind { .direct }
    override var valueStreams: [(kind: ORCStream.Kind, output: StreamOutput)] { [(.data, output)] }

    override func appendPositions(to positions: inout [UInt64]) { output.appendPosition(to: &positions) }

    override func writeValues(_ values: Column) throws {
        if type == .float {
            let source = values.values(as: Float.self)
            for row in 0..<values.count { take(Double(source[row])) }
        } else {
            let source = values.values(as: Double.self)
            for row in 0..<values.count { take(source[row]) }
        }
        try output.append(UnsafeRawBufferPointer(start: values.data.base, count: values.count * type.physical.width))
    }

    @inline(__always)
    private func take(_ value: Double) {
        statistics.add(value)
        if bloom != nil { bloom?.insert(BloomHash.hash(value)) }
    }
}

/// Writes tinyint.
final class ByteWriter: ColumnWriter {
    private let output: StreamOutput
    private let runs: ByteRunEncoder
    private var scratch = IntegerScratch()

    override init(_ column: Int, type: DataType, hasBloom: Bool, setting: Setting) {
        output = StreamOutput(setting.compressor)
        runs = ByteRunEncoder(output)
        super.init(column, type: type, hasBloom: hasBloom, setting: setting)
    }

    deinit { scratch.deallocate() }

    override var encoding: ORCColumnEncoding.Kind { .direct }
    override var valueStreams: [(kind: ORCStream.Kind, output: StreamOutput)] { [(.data, output)] }

    override func appendPositions(to positions: inout [UInt64]) { runs.appendPosition(to: &positions) }

    override func finishValues(_ positions: inout [[UInt64]]) throws { try runs.flush() }

    override func writeValues(_ values: Column) throws {
        let source = values.values(as: Int8.self)
        let wide = scratch.reserve(values.count)
        for row in 0..<values.count { wide[row] = Int64(source[row]) }
        statistics.add(wide, count: values.count)
        if bloom != nil { for row in 0..<values.count { bloom?.insert(BloomHash.hash(wide[row])) } }
        try runs.append(values.values(as: UInt8.self), count: values.count)
    }
}

/// Writes boolean.
final class BooleanWriter: ColumnWriter {
    private let output: StreamOutput
    private let runs: BooleanRunEncoder

    override init(_ column: Int, type: DataType, hasBloom: Bool, setting: Setting) {
        output = StreamOutput(setting.compressor)
        runs = BooleanRunEncoder(output)
        super.init(column, type: type, hasBloom: hasBloom, setting: setting)
    }

    override var encoding: ORCColumnEncoding.Kind { .direct }
    override var valueStreams: [(kind: ORCStream.Kind, output: StreamOutput)] { [(.data, output)] }

    override func appendPositions(to positions: inout [UInt64]) { runs.appendPosition(to: &positions) }

    override func finishValues(_ positions: inout [[UInt64]]) throws { try runs.flush() }

    override func writeValues(_ values: Column) throws {
        let source = values.values(as: UInt8.self)
        let bits = Bitmap(count: values.count, repeating: false)
        for row in 0..<values.count { bits.words[row >> 6] |= UInt64(source[row] & 1) << UInt64(row & 63) }
        statistics.add(sum: Int64(bits.setCount))
        try runs.append(bits.words, count: values.count)
    }
}
