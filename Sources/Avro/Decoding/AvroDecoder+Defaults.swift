import HoneyCore

extension AvroDecoder {
    /// Appends a value that is not in the file.
    func append(_ value: Value, to slot: UnsafeMutablePointer<ColumnSlot>) {
        switch value {
        case .null: columns.appendNull(slot)
        case .boolean(let flag): columns.append(UInt8(flag ? 1 : 0), to: slot)
        case .integer(let integer): append(integer, to: slot)
        case .real(let real):
            if slot.pointee.width == 4 { columns.append(Float(real), to: slot) } else { columns.append(real, to: slot) }
        case .date(let number), .months(let number): columns.append(number, to: slot)
        case .decimal(let wide), .timestamp(let wide), .nanoseconds(let wide):
            if slot.pointee.width == 8 {
                columns.append(Int64(truncatingIfNeeded: wide), to: slot)
            } else {
                columns.append(wide, to: slot)
            }
        case .string(let string): append(Array(string.utf8), to: slot)
        case .binary(let bytes): append(bytes, to: slot)
        case .array(let elements):
            let child = slots + slot.pointee.firstChild
            let start = child.pointee.count
            for element in elements { append(element, to: child) }
            columns.append(ListEntry(start: start, count: elements.count), to: slot)
        case .map(let entries):
            let keys = slots + slot.pointee.firstChild
            let start = keys.pointee.count
            for entry in entries {
                append(entry.key, to: keys)
                append(entry.value, to: keys + 1)
            }
            columns.append(ListEntry(start: start, count: entries.count), to: slot)
        case .union(let tag, let member):
            let first = slots + slot.pointee.firstChild
            columns.append(tag, to: first)
            for branch in 1..<slot.pointee.childCount {
                if branch == Int(tag) + 1 {
                    append(member, to: first + branch)
                } else {
                    columns.appendNull(first + branch)
                }
            }
            columns.reserve(slot)
            slot.pointee.count += 1
        case .structure(let members):
            for (index, member) in members.enumerated() { append(member, to: slots + slot.pointee.firstChild + index) }
            columns.reserve(slot)
            slot.pointee.count += 1
        }
    }

    private func append(_ bytes: [UInt8], to slot: UnsafeMutablePointer<ColumnSlot>) {
        columns.append(bytes.withUnsafeBufferPointer { columns.arena.insert($0) }, to: slot)
    }

    private func append(_ integer: Int64, to slot: UnsafeMutablePointer<ColumnSlot>) {
        switch slot.pointee.width {
        case 1: columns.append(Int8(truncatingIfNeeded: integer), to: slot)
        case 2: columns.append(Int16(truncatingIfNeeded: integer), to: slot)
        case 4: columns.append(Int32(truncatingIfNeeded: integer), to: slot)
        default: columns.append(integer, to: slot)
        }
    }
}
