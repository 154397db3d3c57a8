import HoneyCore

extension Column {
    /// Appends bytes that are equal for equal values of the column's type and different for different ones.
    func spell(row index: Int, into bytes: inout [UInt8]) {
        if isNull(at: index) {
            bytes.append(0)
            return
        }
        bytes.append(1)
        let row = storedIndex(index)
        switch physical {
        case .bytes:
            let value = self.bytes(at: index)
            append(UInt32(truncatingIfNeeded: value.count), to: &bytes)
            bytes.append(contentsOf: value)
        case .list:
            let range = values(as: ListEntry.self)[row].range
            append(UInt32(truncatingIfNeeded: range.count), to: &bytes)
            for element in range { for child in children { child.spell(row: element, into: &bytes) } }
        case .structure: for child in children { child.spell(row: row, into: &bytes) }
        case .float:
            let value = values(as: Float.self)[row]
            append((value.isNaN ? Float.nan : value + 0).bitPattern, to: &bytes)
        case .double:
            let value = values(as: Double.self)[row]
            append((value.isNaN ? Double.nan : value + 0).bitPattern, to: &bytes)
        case .bool, .int8, .int16, .int32, .int64, .int128:
            bytes.append(
                contentsOf: UnsafeRawBufferPointer(start: data.base + row * physical.width, count: physical.width))
        }
    }

    private func append<T: FixedWidthInteger>(_ value: T, to bytes: inout [UInt8]) {
        withUnsafeBytes(of: value.littleEndian) { bytes.append(contentsOf: $0) }
    }
}
