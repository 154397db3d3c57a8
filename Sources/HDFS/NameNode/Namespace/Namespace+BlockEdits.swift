/// Edits of files' blocks. While the log is read, blocks get sizes and states from it; in life `BlockManager` has them already.
extension Namespace {
    func addBlock(_ block: Block, to file: FileInode, targets: [DatanodeStorage]) {
        charging(file) {
            if isReplaying {
                // All blocks before the one being written are whole.
                if let last = file.blocks.last { restore(last, isComplete: true) }
                file.blocks.append(
                    blocks.restore(block: block, file: file.id, replication: file.replication, isComplete: false))
            } else {
                file.blocks.append(
                    blocks.add(block: block, file: file.id, replication: file.replication, targets: targets))
            }
        }
        lastBlockID = max(lastBlockID, block.id)
        lastGenerationStamp = max(lastGenerationStamp, block.generationStamp)
    }

    func updateBlock(_ block: Block, of file: FileInode) throws(MisfitEdit) {
        lastGenerationStamp = max(lastGenerationStamp, block.generationStamp)
        guard let info = file.blocks.last(where: { $0.id == block.id }) else {
            throw MisfitEdit(reason: "block \(block.id) is not of file \(file.id)")
        }
        guard isReplaying else { return }
        charging(file) {
            blocks.restore(
                block: block, file: file.id, replication: file.replication, isComplete: info !== file.blocks.last)
        }
    }

    func abandon(_ block: UInt64, of file: FileInode) throws(MisfitEdit) {
        guard let last = file.blocks.last, last.id == block else {
            throw MisfitEdit(reason: "block \(block) is not the last of file \(file.id)")
        }
        charging(file) {
            file.blocks.removeLast()
            blocks.remove([last])
        }
    }

    func close(_ file: FileInode, modified: Int) {
        charging(file) {
            if let writer = file.writer { leases.remove(file.id, holder: writer.holder) }
            file.writer = nil
            file.modified = modified
            if isReplaying { for block in file.blocks where !block.isComplete { restore(block, isComplete: true) } }
        }
    }

    func open(_ file: FileInode, writer: Writer, reopensLast: Bool) {
        charging(file) {
            if let old = file.writer { leases.remove(file.id, holder: old.holder) }
            file.writer = writer
            leases.add(file.id, holder: writer.holder)
            if isReplaying, reopensLast, let last = file.blocks.last { restore(last, isComplete: false) }
        }
    }

    func concatenate(_ sources: [UInt64], onto target: FileInode, time: Int) throws(MisfitEdit) {
        for id in sources {
            guard let source = inodes[id]?.file, let parent = source.parent, source !== target else {
                throw MisfitEdit(reason: "file \(id) cannot be appended")
            }
            charge(names: -1, space: -source.spaceConsumed, at: parent)
            charging(target) {
                let moved = source.blocks
                source.blocks = []
                blocks.move(moved, toFile: target.id)
                for block in moved where block.replication != target.replication {
                    blocks.setReplication(block, to: target.replication)
                }
                target.blocks += moved
            }
            parent.children.remove(source.name)
            parent.modified = time
            inodes[id] = nil
            source.parent = nil
        }
        target.modified = time
        target.parent?.modified = time
    }

    private func restore(_ info: BlockInfo, isComplete: Bool) {
        blocks.restore(
            block: info.block, file: info.file, replication: info.replication, isComplete: isComplete)
    }
}
