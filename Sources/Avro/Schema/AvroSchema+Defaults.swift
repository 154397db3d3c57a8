import HoneyCore

extension AvroSchema {
    /// Makes the value that a field's default stands for; null where it does not suit the type.
    func value(of json: JSONValue, type index: Int, as target: DataType) -> Value {
        switch (types[index].shape, json) {
        case (.union(let branches), _) where target.isUnion:
            let others = branches.filter { !isNull($0) }
            for (tag, branch) in others.enumerated() where tag < target.childTypes.count - 1 {
                let member = value(of: json, type: branch, as: target.childTypes[tag + 1])
                if !member.isNull { return .union(tag: Int8(tag), member) }
            }
            return .null
        case (.union(let branches), _):
            // The first branch is meant; writers were not always strict about it.
            let values = branches.lazy.map { value(of: json, type: $0, as: target) }
            return values.first { !$0.isNull } ?? .null
        case (.boolean, .boolean(let flag)): return .boolean(flag)
        case (.int, .integer(let integer)), (.long, .integer(let integer)):
            return number(integer, types[index].meaning, target)
        case (.float, .integer(let integer)), (.double, .integer(let integer)): return .real(Double(integer))
        case (.float, .real(let real)), (.double, .real(let real)): return .real(real)
        case (.float, .text(let text)), (.double, .text(let text)): return Double(text).map { .real($0) } ?? .null
        case (.string, .text(let text)), (.enumeration, .text(let text)):
            return target == .binary ? .binary(Array(text.utf8)) : .string(text)
        case (.bytes, .text(let text)), (.fixed, .text(let text)): return bytes(text, types[index].meaning, target)
        case (.array(let element), .list(let elements)):
            guard case .array(let type) = target else { return .null }
            return .array(elements.map { value(of: $0, type: element, as: type) })
        case (.map(let element), .object(let members)):
            guard case .map(_, let type) = target else { return .null }
            return .map(
                members.sorted { $0.key < $1.key }.map { name, member in
                    Value.MapEntry(.string(name), value(of: member, type: element, as: type))
                })
        case (.record(let fields), .object(let members)):
            guard case .structure(let wanted) = target else { return .null }
            return .structure(
                wanted.map { part in
                    guard let field = fields.first(where: { $0.name.lowercased() == part.name.lowercased() }),
                        let member = members[field.name] ?? field.defaultValue
                    else { return .null }
                    return value(of: member, type: field.type, as: part.type)
                })
        default: return .null
        }
    }

    private func number(_ integer: Int64, _ meaning: AvroType.Meaning?, _ target: DataType) -> Value {
        switch target {
        case .date: return .date(Int32(clamping: integer))
        case .timestamp:
            guard case .timestamp(let unit) = meaning else { return .timestamp(Int128(integer) * 1_000_000) }
            return .timestamp(Int128(integer) * Int128(unit))
        case .float, .double: return .real(Double(integer))
        default: return .integer(integer)
        }
    }

    /// Each character stands for the byte of its number.
    private func bytes(_ text: String, _ meaning: AvroType.Meaning?, _ target: DataType) -> Value {
        let bytes = text.unicodeScalars.map { UInt8(truncatingIfNeeded: $0.value) }
        switch target {
        case .decimal(let precision, let scale):
            guard case .decimal(_, let own) = meaning,
                let unscaled = bytes.withUnsafeBufferPointer({ TwosComplement.read($0.baseAddress, count: $0.count) }),
                let value = DecimalMath.rescale(unscaled, from: own, to: scale),
                DecimalMath.fits(value, precision: precision)
            else { return .null }
            return .decimal(value)
        case .binary: return .binary(bytes)
        default: return .string(String(decoding: bytes, as: UTF8.self))
        }
    }
}

extension DataType {
    fileprivate var isUnion: Bool { if case .union = self { true } else { false } }
}
