import NIOCore
import Testing

@testable import HoneyWorld

struct ReceiveBuffersTests {
    /// What is asked for at first and after reads of so many bytes.
    private func sizes(of buffers: ReceiveBuffers, after reads: [Int]) -> [Int?] {
        var buffers = buffers
        return [buffers.nextBufferSize()]
            + reads.map { bytes in
                let before = buffers.nextBufferSize()
                let mayGrow = buffers.record(actualReadBytes: bytes)
                return mayGrow == (buffers.nextBufferSize() != before) ? buffers.nextBufferSize() : nil
            }
    }

    @Test func askForMuchOnceAReadWasFull() {
        let few = 4 << 10
        let many = 256 << 10
        // What comes in small pieces then may be the end of something long.
        #expect(
            sizes(of: ReceiveBuffers(greatest: many), after: [few - 1, few, 1, many]) == [few, few, many, many, many])
    }

    @Test func neverAskForMoreThanAllowed() {
        #expect(sizes(of: ReceiveBuffers(greatest: 100), after: [100, 1]) == [100, 100, 100])
    }
}
