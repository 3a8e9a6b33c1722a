"""Assesses JSON Lines on a Spark cluster: each partition is piped through `breach`, line by line, as on one machine.

    spark-submit examples/cluster/spark.py INPUT OUTPUT [OPTION...]

INPUT is a file or folder of JSON Lines that every worker can read, OUTPUT a folder that is not there yet; options go to `breach assess`. `breach` must be on
the PATH of the workers, or BREACH in their environment must name it. Give `--now`, so that every partition is assessed for the same time.

`input` in the results counts lines within a partition (`-:N`); join results to incidents by `incident.id` or `incident.sha256`.
"""

import os
import shlex
import subprocess
import sys

from pyspark.sql import SparkSession


def assess(options):
    """The work of one partition: its lines in, a result for each out, in order. A line that is no incident is a result too (exit code 2)."""
    command = [os.environ.get("BREACH", "breach"), "assess", "--no-config", "--input-format", "jsonl", "--format", "jsonl", "-j", "1", *options, "-"]

    def work(lines):
        from threading import Thread

        first = next(lines, None)
        if first is None:
            return
        with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, encoding="utf-8") as process:

            def feed():
                with process.stdin as stdin:
                    stdin.write(first + "\n")
                    stdin.writelines(line + "\n" for line in lines)

            Thread(target=feed, daemon=True).start()
            for result in process.stdout:
                yield result.rstrip("\n")
            if process.wait() not in (0, 1, 2):
                raise RuntimeError(f"{shlex.join(command)}: exit code {process.returncode}")

    return work


def main(source, target, *options):
    spark = SparkSession.builder.appName("breach").getOrCreate()
    spark.sparkContext.textFile(source).mapPartitions(assess(options)).saveAsTextFile(target)
    spark.stop()


if __name__ == "__main__":
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    main(*sys.argv[1:])
