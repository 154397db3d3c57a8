import HoneyCore
import HoneyPlan

/// `in(value, candidate, …)`: true when a candidate is equal, else null when the value or a candidate is null.
enum MembershipKernel {
    /// Up to so many candidates are compared one after another; more are looked up in a table.
    private static let fewCandidates = 4

    static func make(for site: CallSite) -> Kernel {
        let candidates = site.arguments.dropFirst()
        let constants = candidates.compactMap(\.constant)
        guard constants.count == candidates.count else { return makeGeneral(candidates.count) }
        let type = site.arguments[0].type
        let known = constants.filter { !$0.isNull }
        let hasNull = known.count < constants.count
        let column = Column.of(type, known)
        let usesTable = known.count > fewCandidates && !type.isComplex
        let table = usesTable ? CandidateTable(column) : nil
        // Null candidates must not make the call null: only the value is asked.
        let lookUp = StrictKernel.make(.boolean) { arguments, count, validity in
            let found = table?.find(in: arguments[0], count) ?? findOneByOne(column, in: arguments[0], count)
            guard hasNull else { return Column(type: .boolean, count: count, validity: validity, data: found) }
            let flags = found.pointer(to: UInt8.self)
            let mask = ElementLoop.mask(count, and: validity) { UInt64(flags[$0]) }
            return Column(type: .boolean, count: count, validity: mask, data: found)
        }
        return { arguments, count in try lookUp([arguments[0]], count) }
    }

    private static func findOneByOne(_ candidates: Column, in column: Column, _ count: Int) -> Buffer {
        let found = Buffer(zeroed: count)
        let flags = found.pointer(to: UInt8.self)
        for index in 0..<candidates.count {
            let candidate = candidates.sliced(index..<index + 1).asConstant(count: count)
            let equal = ComparisonKernel.compare(.equal, column, candidate, count)
            withExtendedLifetime(equal) {
                let matches = equal.pointer(to: UInt8.self)
                for row in 0..<count { flags[row] |= matches[row] }
            }
        }
        return found
    }

    /// Candidates that are not constants: an `or` of comparisons.
    private static func makeGeneral(_ candidateCount: Int) -> Kernel {
        let equal = ComparisonKernel.make(.equal)
        let or = LogicKernel.make(decidedBy: true)
        return { arguments, count in
            try or(arguments.dropFirst().map { try equal([arguments[0], $0], count) }, count)
        }
    }
}

/// A hash table of constants, probed with whole columns.
private final class CandidateTable {
    private let candidates: Column
    /// Row of the candidate plus one; 0 for an empty slot.
    private var slots: [Int32]
    private let mask: Int

    init(_ candidates: Column) {
        self.candidates = candidates
        var size = 16
        while size < candidates.count * 3 { size *= 2 }
        mask = size - 1
        slots = [Int32](repeating: 0, count: size)
        for row in 0..<candidates.count {
            var slot = CandidateTable.hash(candidates, row) & mask
            while slots[slot] != 0 { slot = (slot + 1) & mask }
            slots[slot] = Int32(truncatingIfNeeded: row + 1)
        }
    }

    func find(in column: Column, _ count: Int) -> Buffer {
        switch column.physical {
        case .bool, .int8: probe(UInt8.self, column, count, { UInt64($0) }, ==)
        case .int16: probe(Int16.self, column, count, { UInt64(truncatingIfNeeded: $0) }, ==)
        case .int32: probe(Int32.self, column, count, { UInt64(truncatingIfNeeded: $0) }, ==)
        case .int64: probe(Int64.self, column, count, { UInt64(truncatingIfNeeded: $0) }, ==)
        case .int128: probe(Int128.self, column, count, { CandidateTable.fold($0) }, ==)
        case .float:
            probe(Float.self, column, count, { CandidateTable.bits(Double($0)) }, { RowOrder.realOrder($0, $1) == 0 })
        case .double:
            probe(Double.self, column, count, { CandidateTable.bits($0) }, { RowOrder.realOrder($0, $1) == 0 })
        default: probe(BytesView.self, column, count, { CandidateTable.hashBytes($0) }, ==)
        }
    }

    @inline(__always)
    private func probe<T: BitwiseCopyable>(
        _: T.Type, _ column: Column, _ count: Int, _ key: (T) -> UInt64, _ equal: (T, T) -> Bool
    ) -> Buffer {
        let buffer = Buffer(capacity: count)
        let target = buffer.pointer(to: UInt8.self)
        let values = column.values(as: T.self)
        let known = candidates.values(as: T.self)
        slots.withUnsafeBufferPointer { slots in
            for row in 0..<count {
                let value = values[row]
                var slot = CandidateTable.mix(key(value)) & mask
                var isFound: UInt8 = 0
                while slots[slot] != 0 {
                    if equal(known[Int(slots[slot]) - 1], value) {
                        isFound = 1
                        break
                    }
                    slot = (slot + 1) & mask
                }
                target[row] = isFound
            }
        }
        return buffer
    }

    private static func hash(_ column: Column, _ row: Int) -> Int {
        switch column.physical {
        case .bool, .int8: mix(UInt64(column.values(as: UInt8.self)[row]))
        case .int16: mix(UInt64(truncatingIfNeeded: column.values(as: Int16.self)[row]))
        case .int32: mix(UInt64(truncatingIfNeeded: column.values(as: Int32.self)[row]))
        case .int64: mix(UInt64(truncatingIfNeeded: column.values(as: Int64.self)[row]))
        case .int128: mix(fold(column.values(as: Int128.self)[row]))
        case .float: mix(bits(Double(column.values(as: Float.self)[row])))
        case .double: mix(bits(column.values(as: Double.self)[row]))
        default: mix(hashBytes(column.values(as: BytesView.self)[row]))
        }
    }

    /// The bits of a real number, equal for both zeros and for every NaN.
    @inline(__always)
    private static func bits(_ value: Double) -> UInt64 {
        value.isNaN ? Double.nan.bitPattern : (value + 0).bitPattern
    }

    @inline(__always)
    private static func mix(_ key: UInt64) -> Int {
        let product = key &* 0x9E37_79B9_7F4A_7C15
        return Int(truncatingIfNeeded: product ^ (product >> 32))
    }

    @inline(__always)
    private static func fold(_ value: Int128) -> UInt64 {
        UInt64(truncatingIfNeeded: value) ^ (UInt64(truncatingIfNeeded: value >> 64) &* 0xC2B2_AE3D_27D4_EB4F)
    }

    @inline(__always)
    private static func hashBytes(_ view: BytesView) -> UInt64 {
        if view.isInline { return view.head ^ (view.tail &* 0xC2B2_AE3D_27D4_EB4F) }
        return view.withBytes { bytes in
            var hash = UInt64(truncatingIfNeeded: bytes.count)
            for byte in bytes { hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01B3 }
            return hash
        }
    }
}
