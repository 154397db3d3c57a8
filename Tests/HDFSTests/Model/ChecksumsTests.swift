import HoneyHDFS
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
