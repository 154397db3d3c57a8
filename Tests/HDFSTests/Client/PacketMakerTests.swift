import HoneyWorld
import NIOCore
import Testing

@testable import HoneyHDFS

struct PacketMakerTests {
    /// What a DataNode has after it took packets, which must fit.
    private func assemble(_ packets: [OutgoingPacket], from start: Int = 0, blockBytes: Int) -> [[UInt8]] {
        var blocks: [[UInt8]] = [Array(repeating: 0, count: start)]
        for packet in packets {
            #expect(packet.offset == blocks[blocks.count - 1].count)
            #expect(packet.checksums == Checksums.make(of: packet.data))
            let inChunk = packet.offset % Block.bytesPerChecksum
            if inChunk > 0 { #expect(inChunk + packet.data.readableBytes <= Block.bytesPerChecksum) }
            blocks[blocks.count - 1] += packet.data.readableBytesView
            #expect(blocks[blocks.count - 1].count <= blockBytes)
            if packet.isLast {
                #expect(packet.data.readableBytes == 0)
                blocks.append([])
            }
        }
        return blocks
    }

    @Test(arguments: [0, 512, 700, 1023]) func packetsHoldWhatWasWritten(start: Int) {
        let seed = UInt64.random(in: .min ... .max)
        print("seed \(seed)")
        var random = SeededRandom(seed: seed)
        let (blockBytes, packetBytes) = (10_000, 2_048)
        var maker = PacketMaker(blockBytes: blockBytes, packetBytes: packetBytes, offset: start)
        var packets: [OutgoingPacket] = []
        var expected: [UInt8] = []
        for _ in 0..<60 {
            let piece = (0..<Int.random(in: 0...1_500, using: &random)).map { _ in
                UInt8.random(in: 0...255, using: &random)
            }
            piece.withUnsafeBytes { maker.append($0) { packets.append($0) } }
            expected += piece
            if Bool.random(using: &random), Bool.random(using: &random) {
                maker.flush(sync: Bool.random(using: &random)) { packets.append($0) }
                #expect(packets.reduce(0) { $0 + $1.data.readableBytes } == expected.count)
            }
        }
        maker.finish { packets.append($0) }
        let blocks = assemble(packets, from: start, blockBytes: blockBytes)
        #expect(blocks.last?.isEmpty == true)
        #expect(blocks.dropLast().dropLast().allSatisfy { $0.count == blockBytes })
        #expect(Array(blocks.joined().dropFirst(start)) == expected)
    }

    @Test func nothingWrittenIsNoBlock() {
        var maker = PacketMaker(blockBytes: 1_000, packetBytes: 512)
        var packets = 0
        maker.flush(sync: true) { _ in packets += 1 }
        maker.finish { _ in packets += 1 }
        #expect(packets == 0)
    }

    @Test func aSyncWithoutNewBytesIsStillOne() {
        var maker = PacketMaker(blockBytes: 10_000, packetBytes: 512)
        var packets: [OutgoingPacket] = []
        [UInt8](repeating: 1, count: 100).withUnsafeBytes { maker.append($0) { packets.append($0) } }
        maker.flush(sync: false) { packets.append($0) }
        maker.flush(sync: true) { packets.append($0) }
        #expect(packets.map(\.sync) == [false, true])
        #expect(packets.map(\.data.readableBytes) == [100, 0])
    }
}
