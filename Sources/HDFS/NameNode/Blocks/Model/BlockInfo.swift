/// What the NameNode knows of one block: whose it is, how far it is written and which storages hold a replica.
///
/// There is one object for each block of the file system, so it holds three replicas in itself and keeps what few blocks
/// have (more replicas, being written) in an object beside it.
package final class BlockInfo {
    package let id: UInt64
    package internal(set) var generationStamp: UInt64
    /// Bytes; 0 until the first report of a block being written, its final size once it is committed.
    package internal(set) var size: Int
    /// The number of the file's inode; 0 once the block is removed.
    package internal(set) var file: UInt64
    private var more: Extension?
    private var slot0 = ReplicaSlot.none
    private var slot1 = ReplicaSlot.none
    private var slot2 = ReplicaSlot.none
    private(set) var replicaCount: UInt16 = 0
    private var replicationFactor: UInt16
    package internal(set) var state: State

    package enum State: UInt8, Sendable {
        /// Written by a client.
        case underConstruction
        /// Being made equal on its DataNodes after its writer went away, or cut short.
        case underRecovery
        /// The client has said its size; DataNodes have not reported enough replicas yet.
        case committed
        case complete
    }

    /// The place of a replica: a storage and where the storage's list has this block.
    struct ReplicaSlot {
        var storage: UInt32
        var position: UInt32

        static let none = ReplicaSlot(storage: 0, position: 0)
    }

    /// What few blocks have.
    private final class Extension {
        var slots: [ReplicaSlot] = []
        var construction: BlockConstruction?
    }

    init(_ block: Block, file: UInt64, replication: Int, state: State) {
        id = block.id
        generationStamp = block.generationStamp
        size = block.size
        self.file = file
        self.state = state
        replicationFactor = UInt16(clamping: replication)
    }

    package var block: Block { Block(id: id, generationStamp: generationStamp, size: size) }

    package var isComplete: Bool { state == .complete }

    /// How many replicas there should be.
    package internal(set) var replication: Int {
        get { Int(replicationFactor) }
        set { replicationFactor = UInt16(clamping: newValue) }
    }

    /// What is known while the block is not complete; nil after that.
    package internal(set) var construction: BlockConstruction? {
        get { more?.construction }
        set {
            if let newValue {
                let extra = more ?? Extension()
                extra.construction = newValue
                more = extra
            } else if let extra = more {
                extra.construction = nil
                if extra.slots.isEmpty { more = nil }
            }
        }
    }

    func slot(_ index: Int) -> ReplicaSlot {
        switch index {
        case 0: slot0
        case 1: slot1
        case 2: slot2
        default: more!.slots[index - 3]
        }
    }

    private func setSlot(_ index: Int, _ slot: ReplicaSlot) {
        switch index {
        case 0: slot0 = slot
        case 1: slot1 = slot
        case 2: slot2 = slot
        default: more!.slots[index - 3] = slot
        }
    }

    func slotIndex(ofStorage storage: UInt32) -> Int? {
        for index in 0..<Int(replicaCount) where slot(index).storage == storage { return index }
        return nil
    }

    func append(_ slot: ReplicaSlot) {
        let index = Int(replicaCount)
        replicaCount += 1
        if index < 3 {
            setSlot(index, slot)
        } else {
            let extra = more ?? Extension()
            extra.slots.append(slot)
            more = extra
        }
    }

    /// Moves those behind up, since the order of replicas is the order in which they came.
    func removeSlot(_ index: Int) {
        let last = Int(replicaCount) - 1
        for place in index..<last { setSlot(place, slot(place + 1)) }
        replicaCount -= 1
        guard last >= 3, let extra = more else { return }
        extra.slots.removeLast()
        if extra.slots.isEmpty, extra.construction == nil { more = nil }
    }

    func setPosition(_ position: UInt32, inStorage storage: UInt32) {
        guard let index = slotIndex(ofStorage: storage) else { return }
        setSlot(index, ReplicaSlot(storage: storage, position: position))
    }
}
