create table record (id varchar(10) not null primary key);
