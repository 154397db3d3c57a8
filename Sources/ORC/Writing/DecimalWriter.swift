import HoneyCore
import HoneyStorage

/// Writes decimals: varints of any length, and the scale of each.
final class DecimalWriter: ColumnWriter {
    private let data: StreamOutput
    private let scales: StreamOutput
    private let scaleRuns: IntegerRunEncoder
    private let scale: Int
    private var text = ByteSink()
    /// 128 bits in groups of seven.
    private static let longestVarint = 19

    override init(_ column: Int, type: DataType, hasBloom: Bool, setting: Setting) {
        data = StreamOutput(setting.compressor)
        scales = StreamOutput(setting.compressor)
        scaleRuns = IntegerRunEncoder(scales, isSigned: true)
        if case .decimal(_, let scale) = type { self.scale = scale } else { scale = 0 }
        super.init(column, type: type, hasBloom: hasBloom, setting: setting)
    }

    override var valueStreams: [(kind: ORCStream.Kind, output: StreamOutput)] {
        [(.data, data), (.secondary, scales)]
    }

    override func appendPositions(to positions: inout [UInt64]) {
        data.appendPosition(to: &positions)
        scaleRuns.appendPosition(to: &positions)
    }

    override func finishValues(_ positions: inout [[UInt64]]) throws { try scaleRuns.flush() }

    override func writeValues(_ values: Column) throws {
        let count = values.count
        if values.physical == .int64 {
            let source = values.values(as: Int64.self)
            for row in 0..<count {
                try data.advance(Varints.write(Varints.zigzag(source[row]), to: data.room(for: 10)))
            }
            var least = Int64.max
            var most = Int64.min
            var sum: Int128 = 0
            for row in 0..<count {
                least = min(least, source[row])
                most = max(most, source[row])
                sum &+= Int128(source[row])
            }
            if count > 0 { statistics.add(least: Int128(least), most: Int128(most), sum: sum) }
        } else {
            let source = values.values(as: Int128.self)
            for row in 0..<count {
                statistics.add(source[row])
                try write(source[row])
            }
        }
        try scaleRuns.append(repeating: Int64(scale), count: count)
        if bloom != nil { addToBloom(values) }
    }

    private func write(_ value: Int128) throws {
        let target = data.room(for: DecimalWriter.longestVarint)
        var rest = UInt128(bitPattern: value << 1 ^ value >> 127)
        var written = 0
        while rest >= 0x80 {
            target[written] = UInt8(truncatingIfNeeded: rest) | 0x80
            rest >>= 7
            written += 1
        }
        target[written] = UInt8(truncatingIfNeeded: rest)
        try data.advance(written + 1)
    }

    private func addToBloom(_ values: Column) {
        for row in 0..<values.count {
            let value =
                values.physical == .int64
                ? Int128(values.values(as: Int64.self)[row]) : values.values(as: Int128.self)[row]
            text.removeAll()
            ValueStatistics.append(value, scale, to: &text)
            text.withBytes { bloom?.insert(BloomHash.hash($0)) }
        }
    }
}
