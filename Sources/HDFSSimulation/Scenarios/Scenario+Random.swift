import HoneyWorld

extension Scenario {
    /// Makes a scenario up from a seed: of names only, or with DataNodes and files.
    package init(random seed: UInt64) {
        self.init()
        self.seed = seed
        var random = SeededRandom(seed: seed ^ 0x5CE_4A210)
        func draw(_ range: ClosedRange<Int>) -> Int { Int.random(in: range, using: &random) }
        sendsBytes = draw(0...3) == 0
        nameDisks = draw(1...2)
        checkpointTransactions = [15, 60, 1000][draw(0...2)]
        hasStandby = draw(0...3) == 0
        secondaryTransactions = hasStandby ? 0 : [0, 0, 10][draw(0...2)]
        network.jitterMicroseconds = [0, 100, 5000][draw(0...2)]
        if draw(0...2) == 0 {
            clients = draw(1...3)
            operations = draw(10...40)
            paceMilliseconds = [20, 300, 1500][draw(0...2)]
            network.lossThousandths = [0, 0, 10][draw(0...2)]
            network.cutThousandths = [0, 0, 10][draw(0...2)]
        } else {
            clients = draw(0...1)
            operations = draw(5...15)
            dataNodes = draw(1...4)
            dataDisks = draw(1...2)
            replication = min(draw(1...3), dataNodes)
            writers = draw(1...2)
            writerOperations = draw(10...30)
            writerPaceMilliseconds = [20, 300, 1500][draw(0...2)]
            blockBytes = [4096, 16 << 10, 64 << 10][draw(0...2)]
            packetBytes = [512, 2048][draw(0...1)]
        }
        let span = max(
            operations * (paceMilliseconds + 20), writerOperations * (writerPaceMilliseconds + 20) * min(writers, 1),
            3000)
        var maker = FaultMaker(scenario: self, random: random)
        for _ in 0..<maker.draw(0...8) {
            guard let made = maker.make(before: span) else { continue }
            faults.append(made)
        }
        faults.sort { $0.atMilliseconds < $1.atMilliseconds }
    }
}
