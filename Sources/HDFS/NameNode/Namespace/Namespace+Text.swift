extension Namespace {
    /// Writes all that a restart must keep, a line for each file and directory, so that two name spaces can be compared.
    package var text: String {
        var lines = ["last inode \(lastInodeID), block \(lastBlockID), generation stamp \(lastGenerationStamp)"]
        lines.append("leases \(leases.files)")
        forEach(below: root) { lines.append(line(of: $0)) }
        return lines.joined(separator: "\n")
    }

    private func line(of inode: Inode) -> String {
        var words = [
            inode.path, "\(inode.id)", "\(owner(of: inode)):\(group(of: inode))", String(inode.mode, radix: 8),
            "\(inode.modified)",
        ]
        if let extras = inode.extras {
            if !extras.accessControl.isEmpty { words.append("entries \(extras.accessControl)") }
            if !extras.attributes.isEmpty { words.append("attributes \(extras.attributes)") }
            if extras.storagePolicy != 0 { words.append("policy \(extras.storagePolicy)") }
            if let quota = extras.quota { words.append("quota \(quota.names) \(quota.space)") }
            if let writer = extras.writer { words.append("writer \(writer)") }
        }
        guard let file = inode.file else { return words.joined(separator: " ") }
        words += ["\(file.accessed)", "×\(file.replication)", "\(file.blockBytes)"]
        for block in file.blocks {
            // How much of a block being written is there only its DataNodes know.
            let isWhole = !file.isOpen || block !== file.blocks.last
            words.append("\(block.id)_\(block.generationStamp)" + (isWhole ? ":\(block.size)" : ""))
        }
        return words.joined(separator: " ")
    }
}
