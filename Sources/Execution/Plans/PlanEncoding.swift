#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif
import HoneyCore

/// Turns physical plans and fragments into bytes, to travel to workers and map tasks, and back.
public enum PlanEncoding {
    /// Encodes a plan or a fragment; equal ones give equal bytes.
    public static func encode(_ plan: some Encodable) throws -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        encoder.nonConformingFloatEncodingStrategy = .convertToString(
            positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
        return Array(try encoder.encode(plan))
    }

    /// Decodes what `encode` gave; fails with `PLAN_DAMAGED`.
    public static func decode<Plan: Decodable>(_: Plan.Type, from bytes: [UInt8]) throws -> Plan {
        let decoder = JSONDecoder()
        decoder.nonConformingFloatDecodingStrategy = .convertFromString(
            positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
        do {
            return try decoder.decode(Plan.self, from: Data(bytes))
        } catch {
            throw HoneyError(.data, "PLAN_DAMAGED", "encoded plan is damaged: \(error)")
        }
    }
}
