/// How one host reaches another; each way has its own.
package struct LinkConditions: Hashable, Sendable {
    package var latencyNanoseconds = 200_000
    /// Up to so much is added to the latency of each message.
    package var jitterNanoseconds = 100_000
    package var bytesPerSecond = 1_000_000_000
    /// Of so many thousand messages one is lost on the way once, and comes when it was sent again.
    package var lossThousandths = 0
    /// Of so many thousand messages one is the last that comes: the connection breaks after it, so that whoever waits for an answer
    /// doesn't know whether it was heard.
    package var cutThousandths = 0

    package init() {}

    package init(
        latencyNanoseconds: Int, jitterNanoseconds: Int = 0, bytesPerSecond: Int = 1_000_000_000,
        lossThousandths: Int = 0, cutThousandths: Int = 0
    ) {
        self.latencyNanoseconds = latencyNanoseconds
        self.jitterNanoseconds = jitterNanoseconds
        self.bytesPerSecond = bytesPerSecond
        self.lossThousandths = lossThousandths
        self.cutThousandths = cutThousandths
    }
}
