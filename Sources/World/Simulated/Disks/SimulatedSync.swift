/// A sync that was asked for: makes durable, when it is finished, what was there when it began.
struct SimulatedSync {
    private enum Subject {
        case file(SimulatedFile, before: Int, era: Int)
        case directory(SimulatedDisk, SimulatedDirectoryNode?, path: String, before: Int, era: Int)
        /// A disk of another kind, which does it by itself.
        case other(SyncTarget)
    }
    private let subject: Subject

    init(_ target: SyncTarget) {
        switch target {
        case .file(let file as SimulatedFile):
            subject = .file(file, before: file.node.nextChange, era: file.node.era)
        case .directory(let disk as SimulatedDisk, let path):
            subject = .directory(
                disk, disk.find(path)?.directory, path: path, before: disk.nextChange, era: disk.era)
        default: subject = .other(target)
        }
    }

    /// Draws how long it takes.
    func drawLatency() -> Int {
        switch subject {
        case .file(let file, _, _): Int.random(in: file.disk.syncNanoseconds, using: &file.disk.random)
        case .directory(let disk, _, _, _, _): Int.random(in: disk.syncNanoseconds, using: &disk.random)
        case .other: 0
        }
    }

    func finish() throws(DiskError) {
        switch subject {
        case .file(let file, let before, let era):
            guard file.node.era == era else { return }
            do throws(DiskError) {
                try file.disk.check("sync", file.path, thousandths: file.disk.faults.syncFailureThousandths)
            } catch {
                file.node.giveUp(before: before, &file.disk.random)
                throw error
            }
            file.node.settle(before: before)
        case .directory(let disk, let directory, let path, let before, let era):
            guard disk.era == era else { return }
            try disk.check("sync", path, thousandths: disk.faults.syncFailureThousandths)
            guard let directory else { throw DiskError(.notFound, "cannot sync: \(disk.name)/\(path): no directory") }
            disk.settle(directory, before: before)
        case .other(.file(let file)): try file.synchronize()
        case .other(.directory(let disk, let path)): try disk.synchronize(path)
        }
    }
}
