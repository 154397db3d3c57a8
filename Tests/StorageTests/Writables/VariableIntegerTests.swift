import HoneyCore
import Testing

@testable import HoneyStorage

struct VariableIntegerTests {
    static func written(_ value: Int64) -> [UInt8] {
        let store = ByteStore()
        store.append(variable: value)
        return Array(store.bytes)
    }

    @Test(
        arguments: [
            (300, [0x8E, 0x01, 0x2C]), (-70_000, [0x85, 0x01, 0x11, 0x6F]),
            (-5_000_000_000, [0x83, 0x01, 0x2A, 0x05, 0xF1, 0xFF]), (-2, [0xFE]), (127, [0x7F]), (-112, [0x90]),
            (128, [0x8F, 0x80]), (-113, [0x87, 0x70]), (255, [0x8F, 0xFF]), (256, [0x8E, 0x01, 0x00]),
        ] as [(Int64, [UInt8])])
    func valuesHaveTheBytesHadoopGivesThem(_ value: Int64, _ bytes: [UInt8]) {
        #expect(VariableIntegerTests.written(value) == bytes)
    }

    @Test func everyMagnitudeComesBack() throws {
        var values: [Int64] = [0, .min, .max]
        for bit in 0..<63 {
            for near: Int64 in -1...1 {
                values.append((1 << Int64(bit)) &+ near)
                values.append(-(1 << Int64(bit)) &+ near)
            }
        }
        for value in values {
            let bytes = VariableIntegerTests.written(value)
            #expect(VariableInteger.byteCount(first: bytes[0]) == bytes.count)
            let padded = bytes + [UInt8](repeating: 0xAA, count: 16)
            try padded.withUnsafeBufferPointer { buffer in
                var cursor = WritableCursor(buffer.baseAddress!, to: bytes.count)
                let read = try cursor.readVariable()
                #expect(read == value)
                #expect(cursor.isAtEnd)
            }
        }
    }

    @Test func valuesCutShortAreErrors() throws {
        let bytes = VariableIntegerTests.written(-5_000_000_000) + [UInt8](repeating: 0, count: 16)
        let buffer = Buffer(zeroed: bytes.count)
        bytes.withUnsafeBytes { buffer.base.copyMemory(from: $0.baseAddress!, byteCount: $0.count) }
        for end in 0..<6 {
            var cursor = WritableCursor(buffer.pointer(to: UInt8.self), to: end)
            #expect(throws: HoneyError.self) { try cursor.readVariable() }
        }
    }
}
