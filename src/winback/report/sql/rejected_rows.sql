-- The rejected rows of one pull with a reason, or with any where $reason is null; of the content as much as is asked for.
select line, reason, uid, $content as content
from $rejected
where $reason is null or reason = $reason
