import HoneyHDFS
import HoneyWorld
import NIOCore
import Testing

@Test func checksumsAreCRC32COfEachChunk() {
    // RFC 3720, B.4: 32 bytes of zeros, of ones, and counting up.
    let samples: [([UInt8], UInt32)] = [
        (Array(repeating: 0, count: 32), 0x8A91_36AA), (Array(repeating: 0xFF, count: 32), 0x62A8_AB43),
        (Array(0..<32), 0x46DD_794E),
    ]
    for (bytes, expected) in samples {
        #expect(Checksums.extend(0, with: ByteBuffer(bytes: bytes)) == expected)
    }
    let all = ByteBuffer(bytes: samples.flatMap(\.0))
    var sums = Checksums.make(of: all, bytesPerChecksum: 32)
    #expect(sums.readInteger(as: UInt32.self) == 0x8A91_36AA && sums.readInteger(as: UInt32.self) == 0x62A8_AB43)
    #expect(sums.readInteger(as: UInt32.self) == 0x46DD_794E && sums.readableBytes == 0)
}

@Test(arguments: [0, 1, 511, 512, 513, 2048, 2560, 5000, 65_536]) func aChangedByteIsFoundInItsChunk(count: Int) {
    let data = ByteBuffer(bytes: (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 31) })
    let sums = Checksums.make(of: data)
    #expect(sums.readableBytes == (count + 511) / 512 * 4)
    #expect(Checksums.firstMismatch(in: data, checksums: sums) == nil)
    for place in stride(from: 0, to: count, by: 701) {
        var damaged = data
        damaged.setInteger(data.getInteger(at: place, as: UInt8.self)! ^ 4, at: place)
        #expect(Checksums.firstMismatch(in: damaged, checksums: sums) == place / 512 * 512)
    }
}

@Test func checksumsOfChunksAreThoseOfEachByItself() {
    let seed = UInt64.random(in: .min ... .max)
    print("seed \(seed)")
    var random = SeededRandom(seed: seed)
    for _ in 0..<200 {
        // Lengths that the wide ways take, and such as they leave to others.
        let size = [512, 64, 64 * Int.random(in: 1...20, using: &random), .random(in: 1...700, using: &random)]
            .randomElement(using: &random)!
        let data = ByteBuffer(
            bytes: (0..<Int.random(in: 0...9_000, using: &random)).map { _ in UInt8.random(in: 0...255, using: &random)
            })
        var rest = data
        var sums = Checksums.make(of: data, bytesPerChecksum: size)
        while rest.readableBytes > 0, let chunk = rest.readSlice(length: min(size, rest.readableBytes)) {
            #expect(
                sums.readInteger(as: UInt32.self) == Checksums.extend(0, with: chunk),
                "seed \(seed), \(size) bytes each")
        }
        #expect(sums.readableBytes == 0)
    }
}
