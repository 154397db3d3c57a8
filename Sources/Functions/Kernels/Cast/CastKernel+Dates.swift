import HoneyCore

extension CastKernel {
    func dateConversion() -> Conversion? {
        switch to {
        case .timestamp:
            return {
                mapped($0, $1, $2) { (days: Int32) -> Int128 in
                    CivilDate.timestamp(days: Int(days), nanosecondsOfDay: 0)
                }
            }
        case .string, .varchar, .char: return printing()
        default: return nil
        }
    }

    /// Converts timestamps; as numbers they are seconds since 1970-01-01, integers rounded down.
    func timestampConversion() -> Conversion? {
        switch to {
        case .boolean: return { mapped($0, $1, $2) { (x: Int128) -> UInt8 in x == 0 ? 0 : 1 } }
        case .tinyint: return { mapped($0, $1, $2) { (x: Int128) -> Int8 in Int8(truncatingIfNeeded: seconds(x)) } }
        case .smallint: return { mapped($0, $1, $2) { (x: Int128) -> Int16 in Int16(truncatingIfNeeded: seconds(x)) } }
        case .int: return { mapped($0, $1, $2) { (x: Int128) -> Int32 in Int32(truncatingIfNeeded: seconds(x)) } }
        case .bigint: return { mapped($0, $1, $2) { (x: Int128) -> Int64 in seconds(x) } }
        case .float:
            return { mapped($0, $1, $2) { (x: Int128) -> Float in Float(DecimalMath.double(of: x, scale: 9)) } }
        case .double: return { mapped($0, $1, $2) { (x: Int128) -> Double in DecimalMath.double(of: x, scale: 9) } }
        case .decimal(let precision, let scale):
            return toDecimal(precision) { (x: Int128) in DecimalMath.rescale(x, from: 9, to: scale) }
        case .date:
            return {
                mapped($0, $1, $2) { (x: Int128) -> Int32 in
                    Int32(truncatingIfNeeded: CivilDate.split(timestamp: x).days)
                }
            }
        case .string, .varchar, .char: return printing()
        default: return nil
        }
    }

    private func seconds(_ timestamp: Int128) -> Int64 {
        let (quotient, remainder) = timestamp.quotientAndRemainder(dividingBy: 1_000_000_000)
        return Int64(truncatingIfNeeded: remainder < 0 ? quotient - 1 : quotient)
    }
}
