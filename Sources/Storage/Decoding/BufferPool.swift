package import HoneyCore

/// Buffers that are used again once nobody else holds them, so that their memory need not be mapped anew.
package struct BufferPool {
    private var used: [Buffer] = []
    private var free: [Buffer] = []
    /// Buffers kept for later; more than a reader needs at once are let go.
    private static let most = 64

    package init() {}

    /// Takes back the buffers given out so far that no reader, column or batch holds.
    package mutating func recycle() {
        var held: [Buffer] = []
        for index in used.indices {
            if !isKnownUniquelyReferenced(&used[index]) {
                held.append(used[index])
            } else if free.count < BufferPool.most {
                free.append(used[index])
            }
        }
        used = held.suffix(BufferPool.most)
    }

    /// Gives a buffer of at least `capacity` bytes, whose content is undefined.
    package mutating func take(_ capacity: Int) -> Buffer {
        var best: Int?
        for (index, buffer) in free.enumerated() where buffer.capacity >= capacity && buffer.capacity / 4 <= capacity {
            if best.map({ free[$0].capacity > buffer.capacity }) ?? true { best = index }
        }
        // A little more than asked for serves the next, slightly longer ones too.
        let buffer = best.map { free.remove(at: $0) } ?? Buffer(capacity: capacity + capacity >> 3)
        used.append(buffer)
        return buffer
    }
}
