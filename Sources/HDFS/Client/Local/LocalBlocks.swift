import HoneyCore
import Synchronization

/// The blocks of this host that are open, and what was verified of all that ever were.
final class LocalBlocks: Sendable {
    private struct State {
        var open = RecentlyUsed<BlockPlace.Key, LocalBlock>(limit: 256)
        var verified: [BlockPlace.Key: VerifiedParts] = [:]
    }

    private let state = Mutex(State())
    private static let verifiedLimit = 1 << 14

    /// Directories of DataNodes whose files are found without asking them.
    private let directories: [String]

    init(directories: [String] = []) { self.directories = directories }

    /// Gives a block that is open, or that can be opened without asking where its files are.
    func block(_ key: BlockPlace.Key) -> LocalBlock? {
        if let known = state.withLock({ $0.open.value(for: key) }) { return known }
        guard !key.pool.utf8.contains(UInt8(ascii: "/")) else { return nil }
        for directory in directories {
            if let block = open(key, LocalPaths(of: key, below: directory)) { return block }
        }
        return nil
    }

    /// Opens a block; nil when its files are not what they should be.
    func open(_ key: BlockPlace.Key, _ paths: LocalPaths) -> LocalBlock? {
        let verified = state.withLock { state in
            if state.verified.count >= Self.verifiedLimit { state.verified.removeAll() }
            let parts = state.verified[key] ?? VerifiedParts(size: key.size)
            state.verified[key] = parts
            return parts
        }
        guard let block = LocalBlock(paths, size: key.size, verified: verified) else { return nil }
        state.withLock { $0.open.keep(block, for: key) }
        return block
    }

    /// Forgets a block whose bytes were not right.
    func forget(_ key: BlockPlace.Key) {
        state.withLock { state in
            state.open.remove(key)
            state.verified[key] = nil
        }
    }
}
