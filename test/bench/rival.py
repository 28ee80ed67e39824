"""What a team writes by hand: a consumer that scores texts with VADER and counts into Redis, a pipeline for each 500 records.

Prints records a second, from the first record to the last. Ends with 3 where kafka-python, vaderSentiment or redis is not installed.
"""

import json
import sys
import time

try:
    import redis
    from kafka import KafkaConsumer
    from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer
except ImportError:
    sys.exit(3)

brokers, redis_url, topic, records = sys.argv[1], sys.argv[2], sys.argv[3], int(sys.argv[4])
consumer = KafkaConsumer(
    topic,
    bootstrap_servers=brokers.split(","),
    auto_offset_reset="earliest",
    enable_auto_commit=False,
    group_id=None,
    max_poll_records=500,
)
analyzer = SentimentIntensityAnalyzer()
pipeline = redis.from_url(redis_url).pipeline(transaction=False)
passed = 0
begun = None
while passed < records:
    for messages in consumer.poll(timeout_ms=1000, max_records=500).values():
        begun = begun or time.perf_counter()
        for message in messages:
            signal = json.loads(message.value)
            text = signal.get("text")
            friction = 0.0 if text is None else (1 - analyzer.polarity_scores(text)["compound"]) / 2
            window = f"rival:{signal.get('stage', 'unknown')}:{signal['occurredAt'][:13]}"
            pipeline.hincrby(window, "statements", 1)
            pipeline.hincrby(window, "unhappy", int(friction > 0.5))
            pipeline.hincrbyfloat(window, "friction", friction)
        pipeline.execute()
        passed += len(messages)
print(records / (time.perf_counter() - begun))
